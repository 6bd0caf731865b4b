package clicktide.faults;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How long answers took, second by second, in steps of 50 µs. On a machine that driver, servers and
 * product share, a pause of any of them fills a whole second's tail; so the usual p99 is the median
 * of the seconds' p99s, and the p99 of all answers stands beside it.
 */
final class Latencies {
  private static final long STEP_MICROS = 50;

  private final Map<Long, ConcurrentSkipListMap<Long, AtomicLong>> seconds =
      new ConcurrentSkipListMap<>();

  void add(long nanos) {
    var step = NANOSECONDS.toMicros(nanos) / STEP_MICROS;
    seconds
        .computeIfAbsent(
            NANOSECONDS.toSeconds(System.nanoTime()), _ -> new ConcurrentSkipListMap<>())
        .computeIfAbsent(step, _ -> new AtomicLong())
        .incrementAndGet();
  }

  /** Milliseconds: the median of all seconds' p99s, and the p99 of all answers. */
  record Tail(double usual, double all) {
    /** Whether it is about what it was before. */
    boolean isLike(Tail before) {
      return usual <= 1.5 * before.usual + 1;
    }

    /** This one and what it was before, as a ratio. */
    String against(Tail before) {
      return "p99 %.2f ms, before %.2f ms (ratio %.2f; of all answers %.1f and %.1f ms)"
          .formatted(usual, before.usual, usual / before.usual, all, before.all);
    }
  }

  /** What was added since the last time. */
  Tail takeTail() {
    var all = new ConcurrentSkipListMap<Long, AtomicLong>();
    seconds
        .values()
        .forEach(
            second ->
                second.forEach(
                    (step, count) ->
                        all.computeIfAbsent(step, _ -> new AtomicLong()).addAndGet(count.get())));
    var tails = seconds.values().stream().mapToDouble(Latencies::p99).sorted().toArray();
    seconds.clear();
    return new Tail(tails.length == 0 ? 0 : tails[tails.length / 2], p99(all));
  }

  private static double p99(ConcurrentSkipListMap<Long, AtomicLong> counts) {
    var all = counts.values().stream().mapToLong(AtomicLong::get).sum();
    var seen = 0L;
    for (var entry : counts.entrySet()) {
      seen += entry.getValue().get();
      if (seen >= all * 0.99) {
        return (entry.getKey() + 1) * STEP_MICROS / 1_000.0;
      }
    }
    return 0;
  }
}
