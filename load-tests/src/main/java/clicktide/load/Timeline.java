package clicktide.load;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.HdrHistogram.Histogram;

/** Durations by the second of a run to which they belong. Several threads may add. */
final class Timeline {
  private static final int DIGITS = 3;
  private static final double NANOS_PER_MICRO = 1_000;

  private final List<Histogram> seconds = new ArrayList<>(); // in microseconds

  /** Adds a duration in nanoseconds to the second of this time after the start. */
  synchronized void add(long time, long duration) {
    var second = (int) (Math.max(0, time) / 1_000_000_000);
    while (seconds.size() <= second) {
      seconds.add(new Histogram(DIGITS));
    }
    seconds.get(second).recordValue(Math.round(Math.max(0, duration) / NANOS_PER_MICRO));
  }

  /** Returns all durations in microseconds. */
  synchronized Histogram total() {
    var total = new Histogram(DIGITS);
    seconds.forEach(total::add);
    return total;
  }

  /** Returns the number of durations for each second. */
  synchronized double[] counts() {
    return seconds.stream().mapToDouble(Histogram::getTotalCount).toArray();
  }

  /** Returns a percentile in milliseconds for each second, 0 for a second without durations. */
  synchronized double[] percentile(double percentile) {
    return IntStream.range(0, seconds.size())
        .mapToDouble(second -> millis(seconds.get(second), percentile))
        .toArray();
  }

  static double millis(Histogram micros, double percentile) {
    return micros.getTotalCount() == 0 ? 0 : micros.getValueAtPercentile(percentile) / 1e3;
  }

  /** Names the percentiles 50, 90, 99, 99.9 and the maximum. */
  static String summary(Histogram micros) {
    return "p50 %.2f ms, p90 %.2f ms, p99 %.2f ms, p99.9 %.2f ms, max %.2f ms"
        .formatted(
            millis(micros, 50),
            millis(micros, 90),
            millis(micros, 99),
            millis(micros, 99.9),
            millis(micros, 100));
  }
}
