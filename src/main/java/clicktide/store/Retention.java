package clicktide.store;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * How long each tier keeps what it has: the one place that says so. {@code events} is the log, with
 * addresses and user agents, and the dead letters; {@code counts} are rows and all that is made of
 * them, which go together.
 */
public record Retention(Duration events, Duration counts) {
  /** Keys that addresses are hashed with: then nobody can go back from a hash. */
  public static final Duration VISITOR_KEYS = Duration.ofDays(3);

  /** Ids of collectors' events: a repeat that comes later counts again. */
  public static final Duration COLLECTED_IDS = Duration.ofHours(24);

  /** The lists of newest clicks, since the newest one. */
  public static final Duration NEWEST_CLICKS = Duration.ofDays(1);

  private static final Duration UNDER_WAY =
      Duration.ofDays(2); // an event that was taken just in time

  /** Events before this are not taken, and counts before it may be missing. */
  public Instant countsFrom(Instant now) {
    return now.minus(counts);
  }

  /** What somebody has to know who asks for counts from an instant on. */
  public List<String> warnings(Instant from, Instant now) {
    var kept = countsFrom(now);
    return from.isBefore(kept)
        ? List.of("counts_kept_from:" + kept.truncatedTo(ChronoUnit.DAYS))
        : List.of();
  }

  /** Days before this one are dropped, and never made again from what is left. */
  public Instant dropBefore(Instant now) {
    return countsFrom(now).minus(UNDER_WAY).truncatedTo(ChronoUnit.DAYS);
  }
}
