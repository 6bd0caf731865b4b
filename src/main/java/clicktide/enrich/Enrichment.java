package clicktide.enrich;

import clicktide.count.BotClass;
import clicktide.count.Visit;
import clicktide.count.Visit.Agent;
import clicktide.count.Visit.Place;
import clicktide.event.LinkClick;
import clicktide.event.LinkClick.Client;
import java.net.InetAddress;
import java.time.ZoneOffset;
import java.util.Optional;

/** Finds out what a raw click means (C6). Pure but for the rules, which stay as they are loaded. */
public final class Enrichment {
  private final UserAgents userAgents;
  private final Places places;
  private final VisitorHash visitors;

  public Enrichment(UserAgents userAgents, Places places, VisitorHash visitors) {
    this.userAgents = userAgents;
    this.places = places;
    this.visitors = visitors;
  }

  /** May wait until the rules are loaded; never fails because of what a click says. */
  public Visit visit(LinkClick click, Visit.Logged logged) {
    var client = click.client();
    var agent = userAgents.of(client.userAgent());
    var address = literal(client.address());
    var day = click.at().atOffset(ZoneOffset.UTC).toLocalDate();
    return new Visit(
        click,
        logged,
        bot(client, agent),
        address.map(places::of).orElse(Place.UNKNOWN),
        agent,
        Referrers.domain(client.referrer()),
        address.map(literal -> visitors.of(literal, day)).orElse(0L));
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
