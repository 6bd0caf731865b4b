package clicktide.count;

import org.apache.datasketches.hll.HllUnion;
import org.apache.datasketches.hll.TgtHllType;

/**
 * A set of visitors that knows about how many it holds, not who they are (C8): an HLL_4 sketch with
 * 2^14 registers. The only user of datasketches. Not for several threads.
 */
public final class Visitors {
  /** The standard error after merging, 0.81 %: Apache DataSketches, "HLL sketch accuracy". */
  public static final double RELATIVE_ERROR = 0.0081;

  private static final int LG_K = 14;

  private final HllUnion union = new HllUnion(LG_K);

  /** Adds one visitor by the hash that the base rows carry. Adding it again changes nothing. */
  public void add(long visitor) {
    union.update(visitor);
  }

  /** Adds all that the other one holds. */
  public void merge(Visitors other) {
    union.update(other.union.getResult(TgtHllType.HLL_4));
  }

  public long estimate() {
    return Math.round(union.getEstimate());
  }
}
