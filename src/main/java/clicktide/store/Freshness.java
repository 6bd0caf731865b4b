package clicktide.store;

import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.TreeSet;

/**
 * The watermark of a store (E3): every click answered before it is counted, except for clicks that
 * a silent node may still hold. {@code partitions} is the number of partitions that report one.
 * {@code gone} are nodes that do not return, as far as the store knows; none of them is silent.
 */
public record Freshness(Instant watermark, Set<Long> silent, int partitions, Set<Long> gone) {
  private static final Duration TOLERANCE = Duration.ofSeconds(5);

  public Freshness {
    silent = new TreeSet<>(silent);
    silent.removeAll(gone);
  }

  /** The freshness of a store that does not know which nodes are gone. */
  public Freshness(Instant watermark, Set<Long> silent, int partitions) {
    this(watermark, silent, partitions, Set.of());
  }

  /** Returns true if this store lacks clicks of the other one, as after it was emptied (G8). */
  public boolean isBehind(Freshness other) {
    return partitions < other.partitions || watermark.plus(TOLERANCE).isBefore(other.watermark);
  }

  /** Returns the freshness of an answer that is read from both stores. */
  public Freshness and(Freshness other) {
    var silentOfBoth = new TreeSet<>(silent);
    silentOfBoth.addAll(other.silent);
    var goneOfBoth = new TreeSet<>(gone);
    goneOfBoth.addAll(other.gone);
    return new Freshness(
        watermark.isBefore(other.watermark) ? watermark : other.watermark,
        silentOfBoth,
        Math.min(partitions, other.partitions),
        goneOfBoth);
  }

  /** Returns the freshness without the nodes that are gone as far as another store knows. */
  public Freshness without(Set<Long> others) {
    return new Freshness(watermark, silent, partitions, others);
  }
}
