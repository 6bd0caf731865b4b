package clicktide.ingest;

import clicktide.buffer.Spool;
import clicktide.store.Await;
import clicktide.store.EventLog;
import clicktide.time.TimeSource;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Moves the spool to the log on a virtual thread of its own. Its rate is bounded, so new clicks are
 * forwarded beside it and are counted at once.
 */
final class SpoolDrainer implements AutoCloseable {
  private static final int MAX_CLICKS = 2_000;
  private static final int CLICKS_PER_SECOND = 20_000;
  private static final long LOG_SECONDS = 10;
  private static final long PAUSE_MILLIS = 200;

  private final EventLog events;
  private final Spool spool;
  private final CircuitBreaker breaker;
  private final TimeSource time;
  private final Thread thread;
  private volatile boolean closed;

  SpoolDrainer(EventLog events, Spool spool, CircuitBreaker breaker, TimeSource time) {
    this.time = time;
    this.events = events;
    this.spool = spool;
    this.breaker = breaker;
    thread = Thread.ofVirtual().name("drain").unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  private void run() {
    try {
      while (!closed) {
        var pause = breaker.allowsCalls() ? drain() : PAUSE_MILLIS;
        TimeUnit.MILLISECONDS.sleep(pause);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt(); // the rest stays on disk
    }
  }

  /** Moves some clicks and returns the milliseconds to wait before the next ones. */
  private long drain() {
    var began = time.nanos();
    var clicks = spool.read(MAX_CLICKS);
    if (clicks.isEmpty()) {
      return PAUSE_MILLIS;
    }
    try {
      Await.on(events.append(clicks), LOG_SECONDS);
      spool.acknowledge();
      var took = TimeUnit.NANOSECONDS.toMillis(time.nanos() - began);
      return Math.max(0, clicks.size() * 1_000L / CLICKS_PER_SECOND - took);
    } catch (RuntimeException failure) {
      breaker.trip(failure);
      return PAUSE_MILLIS;
    }
  }

  /** Ends without an interrupt, which would close the file in use. The rest stays on disk. */
  @Override
  public void close() {
    closed = true;
    try {
      thread.join(Duration.ofSeconds(2));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
