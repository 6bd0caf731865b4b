package clicktide.count;

import clicktide.enrich.BotClass;
import clicktide.enrich.Traffic;
import clicktide.enrich.Visit;
import clicktide.enrich.Visit.Agent;
import clicktide.enrich.Visit.Place;
import clicktide.event.Handling;
import clicktide.event.Identity;
import clicktide.event.LinkClick;
import clicktide.event.LinkClick.Campaign;
import clicktide.event.LinkClick.Client;
import clicktide.event.LinkClick.Via;
import clicktide.event.NodeReport;
import clicktide.event.OwnerId;
import clicktide.event.Subject;
import java.time.Instant;
import java.util.List;

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
        new LinkClick.Target(302, "shop.example.com"),
        Via.LINK,
        new Client("203.0.113.9", "agent", "https://example.com/", "localhost", false, false),
        Campaign.NONE,
        Handling.FULL);
  }

  /** What a node says of itself that has nothing under way. */
  public static NodeReport report(long node, Instant now) {
    return new NodeReport(node, 1, 1, now, List.of(0L), false);
  }

  /** The same click as somebody else sent it, or handled otherwise. */
  public static LinkClick sent(LinkClick click, Client client, Handling handling) {
    return new LinkClick(
        click.identity(),
        click.subject(),
        click.code(),
        click.at(),
        click.receivedAt(),
        click.requestId(),
        click.target(),
        click.via(),
        client,
        click.campaign(),
        handling);
  }

  /** The same visit, with another decision of its owner. */
  public static Visit handled(Visit visit, Handling handling) {
    return with(visit, sent(visit.click(), visit.click().client(), handling), visit.logged());
  }

  /** The same visit, logged at another time. */
  public static Visit logged(Visit visit, Instant at) {
    return at(visit, new Visit.Logged(at, 0, 0));
  }

  /** The same visit, logged at another place. */
  public static Visit at(Visit visit, Visit.Logged logged) {
    return with(visit, visit.click(), logged);
  }

  private static Visit with(Visit visit, LinkClick click, Visit.Logged logged) {
    return new Visit(
        click,
        logged,
        visit.bot(),
        visit.place(),
        visit.agent(),
        visit.referrer(),
        visit.visitor(),
        visit.rules());
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
        new Visit.Logged(click.at(), 0, 0),
        traffic == Traffic.HUMAN ? BotClass.NONE : BotClass.CRAWLER,
        new Place(country, ""),
        new Agent("desktop", browser, "linux", BotClass.NONE),
        "example.com",
        visitor,
        "rules of a test");
  }
}
