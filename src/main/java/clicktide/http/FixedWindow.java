package clicktide.http;

import clicktide.time.TimeSource;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

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
  private final Cache<K, WindowCounter> counters;

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
            .expireAfterAccess(window)
            .ticker(time::nanos)
            .build();
  }

  /** Counts a use, which may be one beyond the limit. */
  public Remaining use(K key) {
    var counter = open(key);
    return remaining(counter, counter.add(1));
  }

  /** Counts all uses if they are within the limit. Otherwise it counts none. */
  public Remaining use(K key, int uses) {
    var counter = open(key);
    return remaining(counter, counter.addWithin(limit, uses));
  }

  private Remaining remaining(WindowCounter counter, long uses) {
    var left = counter.nanosLeft(time.nanos());
    return new Remaining(
        (int) Math.max(Integer.MIN_VALUE, limit - uses), Math.max(1, Math.ceilDiv(left, SECOND)));
  }

  /** Takes a use of the running window back. */
  public void giveBack(K key) {
    counter(key).ifPresent(counter -> counter.add(-1));
  }

  /** Returns true if another use would be beyond the limit. */
  public boolean isExhausted(K key) {
    return counter(key).filter(counter -> counter.uses() >= limit).isPresent();
  }

  private WindowCounter open(K key) {
    return counter(key)
        .orElseGet(() -> counters.asMap().compute(key, (_, last) -> isOpen(last) ? last : begin()));
  }

  private boolean isOpen(WindowCounter counter) {
    return counter != null && !counter.isOver(time.nanos());
  }

  private WindowCounter begin() {
    return new WindowCounter(time.nanos() + nanos);
  }

  /** Returns the counter of the running window of a key. */
  Optional<WindowCounter> counter(K key) {
    return Optional.ofNullable(counters.getIfPresent(key)).filter(this::isOpen);
  }
}
