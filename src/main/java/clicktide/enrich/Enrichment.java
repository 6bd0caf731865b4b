package clicktide.enrich;

import clicktide.enrich.EnrichedClick.Agent;
import clicktide.enrich.EnrichedClick.Location;
import clicktide.event.LinkClick;
import clicktide.event.LinkClick.Client;
import clicktide.event.TrackingMode;
import java.net.InetAddress;
import java.time.ZoneOffset;
import java.util.Optional;

/**
 * Finds out what a raw click means (C6): a pure function of the click and of rules, whose versions
 * stay with what they found.
 */
public final class Enrichment {
  private static final int OWN_RULES = 1; // of this package; raised when they find something else

  private final UserAgents userAgents;
  private final BotPatterns patterns;
  private final GeoLocator places;
  private final VisitorHash visitors;
  private volatile Versions versions = new Versions("", "", "");

  public Enrichment(
      UserAgents userAgents, BotPatterns patterns, GeoLocator places, VisitorHash visitors) {
    this.userAgents = userAgents;
    this.patterns = patterns;
    this.places = places;
    this.visitors = visitors;
  }

  /** Of the files that may be replaced, and all of them in one text. */
  private record Versions(String patterns, String places, String text) {
    private static Versions of(String patterns, String places) {
      var text =
          "%d yauaa-%s patterns-%s geoip-%s"
              .formatted(OWN_RULES, UserAgents.VERSION, patterns, places);
      return new Versions(patterns, places, text);
    }
  }

  /** May wait until the rules are loaded; never fails because of what a click says. */
  public EnrichedClick enrich(LinkClick click, EnrichedClick.Logged logged) {
    var client = click.client();
    var address = literal(client.address());
    var agent = agent(click, address);
    var day = click.at().atOffset(ZoneOffset.UTC).toLocalDate();
    return new EnrichedClick(
        click,
        logged,
        bot(client, agent),
        address.map(places::of).orElse(Location.UNKNOWN),
        agent,
        Referrers.domain(client.referrer()),
        address.map(literal -> visitors.of(literal, day)).orElse(0L),
        rules());
  }

  private Agent agent(LinkClick click, Optional<InetAddress> address) {
    var userAgent = click.client().userAgent();
    var read = userAgents.of(userAgent);
    var bot = patterns.of(userAgent, address).orElse(read.bot());
    if (click.mode() != TrackingMode.FULL) {
      return new Agent("", "", "", bot); // whether it is a machine is all that may be known
    }
    var device = bot == BotClass.NONE ? read.device() : "bot";
    return new Agent(device, read.browser(), read.os(), bot);
  }

  private String rules() {
    var known = versions;
    if (!known.patterns.equals(patterns.version()) || !known.places.equals(places.version())) {
      known = Versions.of(patterns.version(), places.version());
      versions = known;
    }
    return known.text;
  }

  /** What a machine is says more than how it asks. */
  private static BotClass bot(Client client, Agent agent) {
    if (agent.bot() != BotClass.NONE) {
      return agent.bot();
    }
    if (client.prefetch()) {
      return BotClass.PREFETCH;
    }
    return client.head() ? BotClass.HEAD : BotClass.NONE;
  }

  private static Optional<InetAddress> literal(String text) {
    try {
      return text.isEmpty() ? Optional.empty() : Optional.of(InetAddress.ofLiteral(text));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }
}
