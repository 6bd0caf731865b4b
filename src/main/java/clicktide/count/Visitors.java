package clicktide.count;

import org.apache.datasketches.hll.HllSketch;
import org.apache.datasketches.hll.HllUnion;
import org.apache.datasketches.hll.TgtHllType;

/**
 * A sketch of visitors, which holds their number and not their identities (C8): HLL_4 with 2^14
 * registers. The only user of datasketches. For any thread.
 */
public final class Visitors {
  /** The standard error after merging, 0.81 %: Apache DataSketches, "HLL sketch accuracy". */
  public static final double RELATIVE_ERROR = 0.0081;

  private static final int LG_K = 14;
  private static final int OBJECT_BYTES = 200;

  private final HllUnion union = new HllUnion(LG_K);

  /** Adds one visitor by the hash that the base rows carry. Adding it again changes nothing. */
  public synchronized void add(long visitor) {
    union.update(visitor);
  }

  /** Adds all visitors of the other sketch. */
  public void merge(Visitors other) {
    add(other.sketch());
  }

  private synchronized HllSketch sketch() {
    return union.getResult(TgtHllType.HLL_4);
  }

  private synchronized void add(HllSketch sketch) {
    union.update(sketch);
  }

  /** Returns the bytes of the sketch in memory: a few hundred at first, 17,000 at the most. */
  public synchronized int bytes() {
    return OBJECT_BYTES + union.getUpdatableSerializationBytes();
  }

  /** Returns the estimated number of visitors. */
  public synchronized long estimate() {
    return Math.round(union.getEstimate());
  }
}
