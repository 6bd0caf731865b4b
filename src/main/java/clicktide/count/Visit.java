package clicktide.count;

import clicktide.event.LinkClick;
import java.time.Instant;

/**
 * A click with what enrichment found in it (C6). {@code visitor} is the 64-bit hash of the address
 * under the day's key, 0 where it cannot be made.
 */
public record Visit(
    LinkClick click,
    Logged logged,
    BotClass bot,
    Place place,
    Agent agent,
    String referrer,
    long visitor) {

  /** The broker's stamp, and where the click stands in its partition: record and place in it. */
  public record Logged(Instant at, long offset, int index) {}

  public Traffic traffic() {
    return bot == BotClass.NONE ? Traffic.HUMAN : Traffic.BOT;
  }

  public Instant loggedAt() {
    return logged.at();
  }

  /** ISO 3166-1 alpha-2 country, {@code ZZ} if not known, and ISO 3166-2 region without it. */
  public record Place(String country, String region) {
    public static final Place UNKNOWN = new Place("ZZ", "");
  }

  /** What the user agent says. {@code device} is desktop, mobile, tablet, tv, bot or other. */
  public record Agent(String device, String browser, String os, BotClass bot) {}
}
