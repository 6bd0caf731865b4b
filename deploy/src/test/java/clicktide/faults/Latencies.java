package clicktide.faults;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Latencies of responses by second, in steps of 50 µs. Driver, servers and product share a machine,
 * so a pause of one of them fills the tail of a whole second. The typical p99 is therefore the
 * median of the p99 of each second. The p99 of all responses is kept too.
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

  /** The median of the p99 of each second and the p99 of all responses, in milliseconds. */
  record Tail(double typical, double all) {
    /** Returns true if the typical latency is about as before. */
    boolean isLike(Tail before) {
      return typical <= 1.5 * before.typical + 1;
    }

    /** Describes this tail, the tail before and their ratio. */
    String against(Tail before) {
      return "p99 %.2f ms, before %.2f ms (ratio %.2f; of all responses %.1f and %.1f ms)"
          .formatted(typical, before.typical, typical / before.typical, all, before.all);
    }
  }

  /** Returns the tail since the last call and starts again. */
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
