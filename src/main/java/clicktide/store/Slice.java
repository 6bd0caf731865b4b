package clicktide.store;

import clicktide.count.Visit;
import java.time.Instant;
import java.util.List;

/**
 * What a partition's owner read between two consumer positions, [from, to). {@code through} is how
 * fresh the sink is once it holds this slice.
 */
public record Slice(
    int partition, Tenure tenure, long from, long to, Instant through, List<Visit> visits) {

  /** The right to write a partition: of this incarnation of the sink, since this epoch. */
  public record Tenure(String incarnation, long epoch) {}
}
