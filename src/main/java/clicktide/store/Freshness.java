package clicktide.store;

import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.TreeSet;

/**
 * How far a store is counted (E3): every click answered before {@code through} is, except for those
 * that a silent node may still have. {@code partitions} is how many partitions of the log say so.
 */
public record Freshness(Instant through, Set<Long> silent, int partitions) {
  private static final Duration BEHIND = Duration.ofSeconds(5);

  /** Whether it lacks what the other one has, as after it was emptied (G8). */
  public boolean isBehind(Freshness other) {
    return partitions < other.partitions || through.plus(BEHIND).isBefore(other.through);
  }

  /** Of an answer that was read from two stores. */
  public Freshness and(Freshness other) {
    var both = new TreeSet<>(silent);
    both.addAll(other.silent);
    return new Freshness(
        through.isBefore(other.through) ? through : other.through,
        both,
        Math.min(partitions, other.partitions));
  }
}
