package clicktide.http;

import clicktide.time.TimeSource;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A limit of uses per key within a window of fixed length, counted in this process. A key's window
 * begins with its first use. When there are too many keys, some are forgotten, and their windows
 * begin again. For any thread.
 */
public final class FixedWindow<K> {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private final int limit;
  private final long nanos;
  private final TimeSource time;
  private final Cache<K, Counter> counters;

  private record Counter(long start, AtomicInteger uses) {}

  /**
   * The uses that are left, below zero beyond the limit, and the whole seconds until the window
   * ends, at least 1.
   */
  public record Remaining(int uses, long seconds) {
    public boolean isExceeded() {
      return uses < 0;
    }
  }

  /** Allows {@code limit} uses per key, and remembers at most {@code keys} keys. */
  public FixedWindow(int limit, Duration window, long keys, TimeSource time) {
    this.limit = limit;
    this.nanos = window.toNanos();
    this.time = time;
    this.counters =
        Caffeine.newBuilder()
            .maximumSize(keys)
            .expireAfterWrite(window)
            .ticker(time::nanos)
            .build();
  }

  /** Counts a use, which may be one beyond the limit. */
  public Remaining use(K key) {
    var counter = counters.get(key, _ -> new Counter(time.nanos(), new AtomicInteger()));
    return remaining(counter, counter.uses.incrementAndGet());
  }

  private Remaining remaining(Counter counter, int uses) {
    var left = nanos - (time.nanos() - counter.start);
    return new Remaining(limit - uses, Math.max(1, (left + SECOND - 1) / SECOND));
  }

  /** Counts all uses if they are within the limit. Otherwise it counts none. */
  public Remaining use(K key, int uses) {
    var counter = counters.get(key, _ -> new Counter(time.nanos(), new AtomicInteger()));
    var before = counter.uses.getAndUpdate(sum -> (long) sum + uses > limit ? sum : sum + uses);
    return remaining(counter, before + uses);
  }

  /** Takes a use of the running window back. */
  public void giveBack(K key) {
    counter(key).ifPresent(counter -> counter.uses.decrementAndGet());
  }

  /** Returns true if another use would be beyond the limit. */
  public boolean isExhausted(K key) {
    return counter(key).filter(counter -> counter.uses.get() >= limit).isPresent();
  }

  private Optional<Counter> counter(K key) {
    return Optional.ofNullable(counters.getIfPresent(key));
  }
}
