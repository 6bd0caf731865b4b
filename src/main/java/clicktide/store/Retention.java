package clicktide.store;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * The retention of each store: each duration after which stored data is deleted stands here. It is
 * in this package because nothing in it depends on a store, so all packages can use it. {@code
 * events}: the log with its addresses and user agents, and the dead letters. {@code counts}: base
 * rows and everything that is computed from them.
 */
public record Retention(Duration events, Duration counts) {
  /** The keys that addresses are hashed with. After that, no hash leads back to an address. */
  public static final Duration VISITOR_KEYS = Duration.ofDays(3);

  /** The ids of collected events. A repeat that comes later counts again. */
  public static final Duration COLLECTED_IDS = Duration.ofHours(24);

  /** The lists of newest clicks, from the newest one on. */
  public static final Duration NEWEST_CLICKS = Duration.ofDays(1);

  /**
   * The texts of newest clicks, from the start of the UTC day of their clicks. So the last click of
   * a day has its texts as long as its list.
   */
  public static final Duration NEWEST_CLICK_TEXTS = Duration.ofDays(1).plus(NEWEST_CLICKS);

  /**
   * A minute in Redis, from its start: the hot hour and ten minutes, so that a query with a slow
   * clock finds a whole hour.
   */
  public static final Duration LIVE_MINUTES = Duration.ofMinutes(70);

  /**
   * The sums of an owner's hour in Redis, from the start of the first minute that they hold. They
   * end before that minute does, because a query subtracts it when it has left the hour.
   */
  public static final Duration LIVE_SUMS = LIVE_MINUTES.minusMinutes(1);

  /**
   * The ids of collected events in Redis. An event that is repeated later is older than the hot
   * hour. A set of ids has one hour more, because it holds the ids of a whole hour.
   */
  public static final Duration LIVE_IDS = Duration.ofHours(2);

  /** A ticket for a live socket. */
  public static final Duration TICKETS = Duration.ofSeconds(30);

  /** A damaged segment of the spool: as long as the default retention of the log. */
  public static final Duration DAMAGED_SEGMENTS = Duration.ofDays(7);

  /** The values that a limit of distinct values has admitted. An older day gets few new values. */
  public static final Duration ADMITTED_VALUES = Duration.ofDays(7);

  /** The idempotency keys of the API. A request that is repeated later is carried out again. */
  public static final Duration IDEMPOTENCY_KEYS = Duration.ofHours(24);

  /** The name of a silent node in the watermark of a partition, by the time of the broker. */
  public static final Duration SILENT_NODES = Duration.ofDays(1);

  /**
   * The longest time for which Kafka keeps a record after its retention, because it deletes whole
   * segments: a segment takes records for 7 days ({@code log.roll.hours}). The rest is for spools.
   */
  private static final Duration AFTER_EVENTS = Duration.ofDays(14);

  private static final Duration UNDER_WAY =
      Duration.ofDays(2); // of an event that was accepted just in time

  /**
   * Returns the retention of the state of a node that ended, from its last record by the time of
   * the broker. A click that is sent again after that counts again.
   */
  public Duration endedNodes() {
    return events.plus(AFTER_EVENTS);
  }

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
