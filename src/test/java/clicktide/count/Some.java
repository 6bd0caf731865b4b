package clicktide.count;

import clicktide.count.Visit.Agent;
import clicktide.count.Visit.Place;
import clicktide.event.Identity;
import clicktide.event.LinkClick;
import clicktide.event.LinkClick.Campaign;
import clicktide.event.LinkClick.Client;
import clicktide.event.LinkClick.Via;
import clicktide.event.OwnerId;
import clicktide.event.Subject;
import java.time.Instant;

/** Makes clicks and visits for tests. */
public final class Some {
  public static final OwnerId OWNER = new OwnerId(7);
  private static long sequence;

  private Some() {}

  /** A click of our own on a link of {@link #OWNER}. */
  public static LinkClick click(long link, Instant at) {
    return click(new Identity.Own(1, 1, 0, sequence++), link, at);
  }

  public static LinkClick click(Identity identity, long link, Instant at) {
    return new LinkClick(
        identity,
        new Subject.Link(link, OWNER, 1),
        "code" + link,
        at,
        at,
        "",
        302,
        Via.LINK,
        new Client("203.0.113.9", "agent", "https://example.com/", "localhost", false, false),
        Campaign.NONE);
  }

  public static Visit visit(long link, Instant at) {
    return visit(click(link, at), Traffic.HUMAN, "DE", "firefox", 1);
  }

  public static Visit collected(String id, long link, Instant at) {
    var identity = Identity.Collected.of(OWNER, id);
    return visit(click(identity, link, at), Traffic.HUMAN, "DE", "firefox", 1);
  }

  /** Logged when it happened. */
  public static Visit visit(
      LinkClick click, Traffic traffic, String country, String browser, long visitor) {
    return new Visit(
        click,
        click.at(),
        traffic,
        new Place(country, ""),
        new Agent("desktop", browser, "linux", traffic == Traffic.BOT),
        "example.com",
        visitor);
  }
}
