package clicktide.ingest;

import clicktide.buffer.Spool;
import clicktide.store.Await;
import clicktide.store.EventLog;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Brings the spool into the log on a virtual thread of its own, at a bounded rate: what is clicked
 * now goes its own way beside it and is counted at once.
 */
final class SpoolDrainer implements AutoCloseable {
  private static final int MOST_CLICKS = 2_000;
  private static final int CLICKS_A_SECOND = 20_000;
  private static final long LOG_SECONDS = 10;
  private static final long PAUSE_MILLIS = 200;

  private final EventLog events;
  private final Spool spool;
  private final CircuitBreaker gate;
  private final Thread thread;
  private volatile boolean closed;

  SpoolDrainer(EventLog events, Spool spool, CircuitBreaker gate) {
    this.events = events;
    this.spool = spool;
    this.gate = gate;
    thread = Thread.ofVirtual().name("drain").unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  private void run() {
    try {
      while (!closed) {
        var pause = gate.isOpen() ? drain() : PAUSE_MILLIS;
        TimeUnit.MILLISECONDS.sleep(pause);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt(); // the rest stays on disk
    }
  }

  /** Says how long to wait before the next part. */
  private long drain() {
    var began = System.nanoTime();
    var clicks = spool.read(MOST_CLICKS);
    if (clicks.isEmpty()) {
      return PAUSE_MILLIS;
    }
    try {
      Await.on(events.append(clicks), LOG_SECONDS);
      spool.acknowledge();
      var took = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
      return Math.max(0, clicks.size() * 1_000L / CLICKS_A_SECOND - took);
    } catch (RuntimeException failure) {
      gate.shut(failure);
      return PAUSE_MILLIS;
    }
  }

  /** Not by an interrupt, which would close the file at hand. The rest stays on disk. */
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
