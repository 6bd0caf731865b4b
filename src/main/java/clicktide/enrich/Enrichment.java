package clicktide.enrich;

import clicktide.enrich.EnrichedClick.Agent;
import clicktide.event.LinkClick;
import clicktide.event.LinkClick.Client;
import clicktide.event.LinkClick.Target;
import clicktide.event.LinkClick.Via;
import clicktide.event.TrackingMode;
import java.net.InetAddress;
import java.time.LocalDate;
import java.util.Optional;

/**
 * The enrichment of raw clicks (C6): a pure function of the click and of versioned rules. The
 * versions are kept with the result.
 */
public final class Enrichment {
  private static final int OWN_RULES =
      2; // version of this package's rules; raised with every change

  private static final long SECONDS_PER_DAY = 86_400;
  private static final int SITES = 1 << 13;
  private static final int COMBINATIONS = 1 << 14; // of values

  private final UserAgents userAgents;
  private final BotPatterns patterns;
  private final GeoLocator locator;
  private final AddressLookup addresses;
  private final PlacedCache<String, String> sites = new PlacedCache<>(SITES); // by referrer
  private final PlacedCache<ValuesKey, ClickValues> values = new PlacedCache<>(COMBINATIONS);
  private volatile Versions versions = new Versions("", "", "");

  public Enrichment(
      UserAgents userAgents, BotPatterns patterns, GeoLocator locator, VisitorHash visitors) {
    this.userAgents = userAgents;
    this.patterns = patterns;
    this.locator = locator;
    addresses = new AddressLookup(locator, visitors);
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

  /** Everything that decides the values of a click. */
  private record ValuesKey(
      Findings findings,
      String source,
      String medium,
      String campaign,
      Via via,
      Target target,
      String host) {}

  /** Enriches a click. May wait until the rules are loaded; no content of a click makes it fail. */
  public EnrichedClick enrich(LinkClick click, EnrichedClick.Logged logged) {
    var client = click.client();
    var day = LocalDate.ofEpochDay(Math.floorDiv(click.at().getEpochSecond(), SECONDS_PER_DAY));
    var address = addresses.of(client.address(), day);
    var agent = agent(click, address.literal());
    var findings =
        new Findings(
            bot(client, agent),
            address.location(),
            agent,
            sites.get(client.referrer(), Referrers::domain),
            rules());
    return new EnrichedClick(
        click, logged, findings.bot(), values(click, findings), address.visitor());
  }

  private ClickValues values(LinkClick click, Findings findings) {
    var campaign = click.campaign();
    var key =
        new ValuesKey(
            findings,
            campaign.source(),
            campaign.medium(),
            campaign.name(),
            click.via(),
            click.target(),
            click.client().host());
    return values.get(key, _ -> ClickValues.of(click, findings));
  }

  private Agent agent(LinkClick click, Optional<InetAddress> address) {
    var userAgent = click.client().userAgent();
    var read = userAgents.of(userAgent);
    var bot = patterns.of(userAgent, address).orElse(read.bot());
    if (click.mode() != TrackingMode.FULL) {
      return new Agent("", "", "", bot); // only the class of traffic is allowed
    }
    if (bot == BotClass.NONE && read.bot() == BotClass.NONE) {
      return read; // the usual case, in which keys of values share it
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
