package clicktide.http;

import clicktide.store.SharedCounters;
import clicktide.time.TimeSource;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

/**
 * The limits per minute that this process shares with the others. An exchange of uses takes place
 * every {@link #EXCHANGE_MILLIS}, so no call waits for it. While the store does not answer, each
 * process counts for itself. For any thread.
 */
public final class SharedWindows {
  /** The interval between two exchanges. */
  public static final long EXCHANGE_MILLIS = 100;

  /** The length of every window. */
  static final Duration WINDOW = Duration.ofMinutes(1);

  private static final int NEVER = Integer.MAX_VALUE;

  private final Optional<SharedCounters> counters;
  private final TimeSource time;
  private final List<SharedWindow<?>> windows = new CopyOnWriteArrayList<>();
  private final AtomicBoolean isExchanging = new AtomicBoolean();

  /** Without counters, each limit is one of this process. */
  public SharedWindows(Optional<SharedCounters> counters, TimeSource time) {
    this.counters = counters;
    this.time = time;
  }

  /**
   * Returns a new limit of uses per key and minute. It remembers at most {@code keys} keys, and
   * shares a key from its use number {@code sharedFrom} in this process on. {@code text} is the
   * name of a key.
   */
  public <K> SharedWindow<K> of(
      String name, int limit, long keys, int sharedFrom, Function<K, String> text) {
    var window = new FixedWindow<K>(limit, WINDOW, keys, time);
    var from = counters.isPresent() ? sharedFrom : NEVER;
    var shared = new SharedWindow<>(name, from, text, window, time);
    windows.add(shared);
    return shared;
  }

  /** Exchanges uses with the other processes, unless an exchange is under way. Never fails. */
  public Future<Void> exchange() {
    if (counters.isEmpty() || !isExchanging.compareAndSet(false, true)) {
      return Future.succeededFuture();
    }
    return Future.join(windows.stream().map(window -> window.exchange(counters.get())).toList())
        .onComplete(_ -> isExchanging.set(false))
        .mapEmpty();
  }
}
