package clicktide.ingest;

import clicktide.buffer.Journal;
import clicktide.buffer.Spool;
import clicktide.store.Await;
import clicktide.store.EventLog;
import clicktide.wire.EncodedClick;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings one journal into the log, or into the spool while the log is away, on a virtual thread of
 * its own. Clicks leave the journal only when one of them has them; what is sent twice has the same
 * identities.
 */
final class Forwarder implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Forwarder.class);
  private static final int MOST_CLICKS = 4_096;
  private static final long LOG_SECONDS = 2;
  private static final long SYNC_MILLIS = 50; // between two syncs of the spool
  private static final long PAUSE_MILLIS = 500;

  private final Journal journal;
  private final EventLog events;
  private final Spool spool;
  private final CircuitBreaker gate;
  private final Semaphore hints = new Semaphore(0);
  private final Thread thread;
  private boolean isStuck;
  private volatile boolean closed;

  Forwarder(int lane, Journal journal, EventLog events, Spool spool, CircuitBreaker gate) {
    this.journal = journal;
    this.events = events;
    this.spool = spool;
    this.gate = gate;
    thread = Thread.ofVirtual().name("forward-" + lane).unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  /** The journal has clicks. */
  void hint() {
    if (hints.availablePermits() == 0) {
      hints.release();
    }
  }

  private void run() {
    try {
      while (!closed) {
        hints.acquire();
        forward();
      }
      forward();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void forward() throws InterruptedException {
    for (var clicks = journal.read(MOST_CLICKS);
        !clicks.isEmpty();
        clicks = journal.read(MOST_CLICKS)) {
      if (intoLog(clicks) || intoSpool(clicks)) {
        journal.acknowledge(clicks.size());
      } else {
        TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
      }
    }
  }

  private boolean intoLog(List<EncodedClick> clicks) {
    if (!gate.isOpen()) {
      return false;
    }
    try {
      Await.on(events.append(clicks), LOG_SECONDS);
      return true;
    } catch (RuntimeException failure) {
      gate.shut(failure);
      return false;
    }
  }

  private boolean intoSpool(List<EncodedClick> clicks) throws InterruptedException {
    try {
      spool.append(clicks, journal.oldest().orElse(Instant.EPOCH));
      isStuck = false;
      TimeUnit.MILLISECONDS.sleep(SYNC_MILLIS);
      return true;
    } catch (IOException failure) {
      if (!isStuck) { // once, not every half second of an outage
        log.warn("The spool does not take clicks; they stay in memory: {}", failure.toString());
      }
      isStuck = true;
      return false;
    }
  }

  /** Forwards what is there, for at most a few seconds. */
  @Override
  public void close() {
    closed = true;
    hints.release();
    try {
      if (!thread.join(Duration.ofSeconds(5))) { // no interrupt, which would close a file at hand
        log.warn("Forwarding ended before the journal was empty; the next start goes on");
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
