package clicktide.enrich;

import clicktide.event.LinkClick;
import clicktide.event.TrackingMode;
import java.time.Instant;

/**
 * A click after enrichment (C6). {@code visitor} is the 64-bit hash of the address under the key of
 * the day, 0 without one.
 */
public record EnrichedClick(
    LinkClick click, Logged logged, BotClass bot, ClickValues values, long visitor) {

  /** The broker's stamp, and where the click stands in its partition: record and location in it. */
  public record Logged(Instant at, long offset, int index) {}

  /** Returns a click without enrichment. */
  public static EnrichedClick raw(LinkClick click, Logged logged) {
    return new EnrichedClick(click, logged, BotClass.NONE, ClickValues.NONE, 0);
  }

  /** Returns a click whose enrichment has ended a process. */
  public static EnrichedClick unparsed(LinkClick click, Logged logged) {
    var findings = click.mode() == TrackingMode.FULL ? Findings.UNPARSED : Findings.NONE;
    return new EnrichedClick(click, logged, BotClass.NONE, ClickValues.of(click, findings), 0);
  }

  /** Returns the same click as one of a bot that a verdict found. */
  public EnrichedClick asBot() {
    var bots =
        values
            .with(Dimension.DEVICE, "bot")
            .with(Dimension.TRAFFIC, Traffic.BOT.key())
            .with(Dimension.BOT, BotClass.RATE.key());
    return new EnrichedClick(click, logged, BotClass.RATE, bots, visitor);
  }

  public Traffic traffic() {
    return Traffic.of(bot);
  }

  public Instant loggedAt() {
    return logged.at();
  }

  /**
   * A country in ISO 3166-1 alpha-2, {@code ZZ} if unknown, and the rest of an ISO 3166-2 region.
   */
  public record Location(String country, String region) {
    public static final Location UNKNOWN = new Location("ZZ", "");
  }

  /** A user agent; {@code device} is desktop, mobile, tablet, tv, bot or other. */
  public record Agent(String device, String browser, String os, BotClass bot) {}
}
