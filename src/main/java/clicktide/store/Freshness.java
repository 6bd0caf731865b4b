package clicktide.store;

import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.TreeSet;

/**
 * The watermark of a store (E3): every click answered before it is counted, except for clicks that
 * a silent node may still hold. {@code partitions} is the number of partitions that report one.
 */
public record Freshness(Instant watermark, Set<Long> silent, int partitions) {
  private static final Duration TOLERANCE = Duration.ofSeconds(5);

  /** Returns true if this store lacks clicks of the other one, as after it was emptied (G8). */
  public boolean isBehind(Freshness other) {
    return partitions < other.partitions || watermark.plus(TOLERANCE).isBefore(other.watermark);
  }

  /** Returns the freshness of an answer that is read from both stores. */
  public Freshness and(Freshness other) {
    var both = new TreeSet<>(silent);
    both.addAll(other.silent);
    return new Freshness(
        watermark.isBefore(other.watermark) ? watermark : other.watermark,
        both,
        Math.min(partitions, other.partitions));
  }
}
