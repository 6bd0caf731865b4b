package clicktide.load;

import java.util.Random;
import java.util.function.IntUnaryOperator;

/**
 * Arrival times of an open model: a Poisson process whose rate is given for each second. The seed
 * fixes all times before the load begins. For one thread.
 */
final class Arrivals {
  static final long NONE = Long.MAX_VALUE;
  private static final double SECOND = 1e9;

  private final IntUnaryOperator perSecond;
  private final double end;
  private final Random random;
  private double last;

  /** {@code perSecond} returns the rate of a second, which is counted from 0; at least 1. */
  Arrivals(IntUnaryOperator perSecond, int seconds, long seed) {
    this.perSecond = perSecond;
    end = seconds * SECOND;
    random = new Random(seed);
  }

  /** Arrivals at one rate. */
  static Arrivals steady(int perSecond, int seconds, long seed) {
    return new Arrivals(_ -> perSecond, seconds, seed);
  }

  /** Arrivals at one rate without an end. */
  static Arrivals endless(int perSecond) {
    return steady(perSecond, Integer.MAX_VALUE, 1);
  }

  /** Returns the next time in nanoseconds after the start, or {@link #NONE}. */
  long next() {
    var rate = perSecond.applyAsInt((int) (last / SECOND));
    last -= Math.log(1 - random.nextDouble()) * SECOND / rate;
    return last < end ? (long) last : NONE;
  }
}
