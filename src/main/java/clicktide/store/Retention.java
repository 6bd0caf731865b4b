package clicktide.store;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * The retention of each store. {@code events}: the log with its addresses and user agents, and the
 * dead letters. {@code counts}: base rows and everything that is computed from them.
 */
public record Retention(Duration events, Duration counts) {
  /** The keys that addresses are hashed with. After that, no hash leads back to an address. */
  public static final Duration VISITOR_KEYS = Duration.ofDays(3);

  /** The ids of collected events. A repeat that comes later counts again. */
  public static final Duration COLLECTED_IDS = Duration.ofHours(24);

  /** The lists of newest clicks, from the newest one on. */
  public static final Duration NEWEST_CLICKS = Duration.ofDays(1);

  private static final Duration UNDER_WAY =
      Duration.ofDays(2); // of an event that was accepted just in time

  /** Returns the time before which events are rejected and counts may be missing. */
  public Instant countsFrom(Instant now) {
    return now.minus(counts);
  }

  /** Returns the warnings of an answer with counts since {@code from}. */
  public List<String> warnings(Instant from, Instant now) {
    var kept = countsFrom(now);
    return from.isBefore(kept)
        ? List.of("counts_kept_from:" + kept.truncatedTo(ChronoUnit.DAYS))
        : List.of();
  }

  /** Returns the day before which counts are dropped and never computed again. */
  public Instant dropBefore(Instant now) {
    return countsFrom(now).minus(UNDER_WAY).truncatedTo(ChronoUnit.DAYS);
  }
}
