package clicktide.enrich;

import clicktide.enrich.EnrichedClick.Agent;
import clicktide.enrich.EnrichedClick.Location;
import clicktide.event.LinkClick;
import clicktide.event.LinkClick.Client;
import clicktide.event.TrackingMode;
import clicktide.net.Network;
import java.net.InetAddress;
import java.time.ZoneOffset;
import java.util.Optional;

/**
 * The enrichment of raw clicks (C6): a pure function of the click and of versioned rules. The
 * versions are kept with the result.
 */
public final class Enrichment {
  private static final int OWN_RULES =
      2; // version of this package's rules; raised with every change

  private final UserAgents userAgents;
  private final BotPatterns patterns;
  private final GeoLocator locator;
  private final VisitorHash visitors;
  private volatile Versions versions = new Versions("", "", "");

  public Enrichment(
      UserAgents userAgents, BotPatterns patterns, GeoLocator locator, VisitorHash visitors) {
    this.userAgents = userAgents;
    this.patterns = patterns;
    this.locator = locator;
    this.visitors = visitors;
  }

  /** The versions of the replaceable files, and the text of all versions. */
  private record Versions(String patterns, String places, String text) {
    private static Versions of(String patterns, String places) {
      var text =
          "%d yauaa-%s patterns-%s geoip-%s"
              .formatted(OWN_RULES, UserAgents.VERSION, patterns, places);
      return new Versions(patterns, places, text);
    }
  }

  /** Enriches a click. May wait until the rules are loaded; no content of a click makes it fail. */
  public EnrichedClick enrich(LinkClick click, EnrichedClick.Logged logged) {
    var client = click.client();
    var address = Network.literal(client.address());
    var agent = agent(click, address);
    var day = click.at().atOffset(ZoneOffset.UTC).toLocalDate();
    return new EnrichedClick(
        click,
        logged,
        bot(client, agent),
        address.map(locator::of).orElse(Location.UNKNOWN),
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
      return new Agent("", "", "", bot); // only the class of traffic is allowed
    }
    var device = bot == BotClass.NONE ? read.device() : "bot";
    return new Agent(device, read.browser(), read.os(), bot);
  }

  private String rules() {
    var known = versions;
    if (!known.patterns.equals(patterns.version()) || !known.places.equals(locator.version())) {
      known = Versions.of(patterns.version(), locator.version());
      versions = known;
    }
    return known.text;
  }

  /** The class of the user agent comes before the kind of request. */
  private static BotClass bot(Client client, Agent agent) {
    if (agent.bot() != BotClass.NONE) {
      return agent.bot();
    }
    if (client.prefetch()) {
      return BotClass.PREFETCH;
    }
    return client.head() ? BotClass.HEAD : BotClass.NONE;
  }
}
