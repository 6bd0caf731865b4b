package clicktide.enrich;

import clicktide.event.LinkClick;
import java.time.Instant;

/**
 * A click with what enrichment found in it (C6). {@code visitor} is the 64-bit hash of the address
 * under the day's key, 0 where it cannot be made; {@code rules} names the versions of the rules
 * that found all this.
 */
public record EnrichedClick(
    LinkClick click,
    Logged logged,
    BotClass bot,
    Location location,
    Agent agent,
    String referrer,
    long visitor,
    String rules) {

  /** The broker's stamp, and where the click stands in its partition: record and location in it. */
  public record Logged(Instant at, long offset, int index) {}

  /** A click that nobody looked into. */
  public static EnrichedClick raw(LinkClick click, Logged logged) {
    var nothing = new Agent("", "", "", BotClass.NONE);
    return new EnrichedClick(click, logged, BotClass.NONE, Location.UNKNOWN, nothing, "", 0, "");
  }

  /** The same, once it is known to be a machine's. */
  public EnrichedClick asBot() {
    return new EnrichedClick(
        click,
        logged,
        BotClass.RATE,
        location,
        new Agent("bot", agent.browser(), agent.os(), BotClass.RATE),
        referrer,
        visitor,
        rules);
  }

  public Traffic traffic() {
    return bot == BotClass.NONE ? Traffic.HUMAN : Traffic.BOT;
  }

  public Instant loggedAt() {
    return logged.at();
  }

  /** ISO 3166-1 alpha-2 country, {@code ZZ} if not known, and ISO 3166-2 region without it. */
  public record Location(String country, String region) {
    public static final Location UNKNOWN = new Location("ZZ", "");
  }

  /** What the user agent says. {@code device} is desktop, mobile, tablet, tv, bot or other. */
  public record Agent(String device, String browser, String os, BotClass bot) {}
}
