package clicktide.count;

import clicktide.enrich.BotClass;
import clicktide.enrich.ClickValues;
import clicktide.enrich.Dimension;
import clicktide.enrich.EnrichedClick;
import clicktide.enrich.Traffic;
import clicktide.event.Heartbeat;
import clicktide.event.Identity;
import clicktide.event.LinkClick;
import clicktide.event.LinkClick.Campaign;
import clicktide.event.LinkClick.Client;
import clicktide.event.LinkClick.Via;
import clicktide.event.OwnerId;
import clicktide.event.Subject;
import clicktide.event.TrackingMode;
import clicktide.wire.EncodedEvent;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;

/** Makes clicks and enriched clicks for tests. */
public final class TestClicks {
  public static final OwnerId OWNER = new OwnerId(7);
  private static long sequence;

  private TestClicks() {}

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
        TrackingMode.FULL);
  }

  /** The click of an event. */
  public static LinkClick decoded(EncodedEvent event) {
    return (LinkClick) event.decode();
  }

  /** What a node says of itself that has nothing under way. */
  public static Heartbeat report(long node, Instant now) {
    return new Heartbeat(node, 1, 1, now, List.of(0L), List.of(), false);
  }

  /** The same click as somebody else sent it, or handled otherwise. */
  public static LinkClick sent(LinkClick click, Client client, TrackingMode handling) {
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
  public static EnrichedClick handled(EnrichedClick visit, TrackingMode handling) {
    return with(visit, sent(visit.click(), visit.click().client(), handling), visit.logged());
  }

  /** The same visit, logged at another time. */
  public static EnrichedClick logged(EnrichedClick visit, Instant at) {
    return at(visit, new EnrichedClick.Logged(at, 0, 0));
  }

  /** The same visit, logged at another place. */
  public static EnrichedClick at(EnrichedClick visit, EnrichedClick.Logged logged) {
    return with(visit, visit.click(), logged);
  }

  private static EnrichedClick with(
      EnrichedClick visit, LinkClick click, EnrichedClick.Logged logged) {
    return new EnrichedClick(click, logged, visit.bot(), visit.values(), visit.visitor());
  }

  /** Clicks that count. */
  public static List<Outcome> counted(List<EnrichedClick> visits) {
    return visits.stream().<Outcome>map(Outcome.Counted::new).toList();
  }

  public static EnrichedClick visit(long link, Instant at) {
    return visit(click(link, at), Traffic.HUMAN, "DE", "firefox", 1);
  }

  public static EnrichedClick collected(String id, long link, Instant at) {
    var identity = Identity.Collected.of(OWNER, id);
    return visit(click(identity, link, at), Traffic.HUMAN, "DE", "firefox", 1);
  }

  /** Logged when it happened. */
  public static EnrichedClick visit(
      LinkClick click, Traffic traffic, String country, String browser, long visitor) {
    var bot = traffic == Traffic.HUMAN ? BotClass.NONE : BotClass.CRAWLER;
    return new EnrichedClick(
        click,
        new EnrichedClick.Logged(click.at(), 0, 0),
        bot,
        values(click, bot, country, browser),
        visitor);
  }

  private static ClickValues values(LinkClick click, BotClass bot, String country, String browser) {
    return ClickValues.of(
        Arrays.stream(Dimension.values())
            .map(
                dimension ->
                    switch (dimension) {
                      case COUNTRY -> country;
                      case REGION -> "";
                      case DEVICE -> "desktop";
                      case BROWSER -> browser;
                      case OS -> "linux";
                      case REFERRER -> "example.com";
                      case SOURCE -> click.campaign().source();
                      case MEDIUM -> click.campaign().medium();
                      case CAMPAIGN -> click.campaign().name();
                      case VIA -> "link";
                      case TRAFFIC -> bot == BotClass.NONE ? "human" : "bot";
                      case HOST -> click.client().host();
                      case STATUS -> Integer.toString(click.target().status());
                      case DESTINATION -> click.target().host();
                      case BOT -> bot.key();
                      case RULES -> "rules of a test";
                    })
            .toList());
  }

  /** The same visit with another value of a dimension. */
  public static EnrichedClick with(EnrichedClick visit, Dimension dimension, String value) {
    return new EnrichedClick(
        visit.click(),
        visit.logged(),
        visit.bot(),
        visit.values().with(dimension, value),
        visit.visitor());
  }
}
