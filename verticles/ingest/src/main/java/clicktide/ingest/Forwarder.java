package clicktide.ingest;

import clicktide.buffer.Journal;
import clicktide.buffer.Spool;
import clicktide.store.Await;
import clicktide.store.EventLog;
import clicktide.wire.EncodedEvent;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Forwards one journal to the log, or to the spool while the log is unavailable, on a virtual
 * thread of its own. A click leaves the journal only when log or spool has it. A click that is sent
 * twice has the same identity both times.
 */
final class Forwarder implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Forwarder.class);
  private static final int MAX_CLICKS = 4_096;
  private static final long LOG_SECONDS = 2;
  private static final long SYNC_MILLIS = 50; // between two syncs of the spool
  private static final long PAUSE_MILLIS = 500;
  private static final long GATHER_MILLIS = 25; // larger records cost less per click

  private final Journal journal;
  private final EventLog events;
  private final Spool spool;
  private final CircuitBreaker breaker;
  private final Semaphore wakeUps = new Semaphore(0);
  private final Thread thread;
  private boolean isStuck;
  private volatile boolean closed;

  Forwarder(int lane, Journal journal, EventLog events, Spool spool, CircuitBreaker breaker) {
    this.journal = journal;
    this.events = events;
    this.spool = spool;
    this.breaker = breaker;
    thread = Thread.ofVirtual().name("forward-" + lane).unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  /** Wakes the forwarder: the journal has clicks. */
  void wakeUp() {
    if (wakeUps.availablePermits() == 0) {
      wakeUps.release();
    }
  }

  private void run() {
    try {
      while (!closed) {
        wakeUps.acquire();
        forward();
      }
      forward();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void forward() throws InterruptedException {
    for (var clicks = journal.read(MAX_CLICKS);
        !clicks.isEmpty();
        clicks = journal.read(MAX_CLICKS)) {
      if (intoLog(clicks) || intoSpool(clicks)) {
        journal.acknowledge(clicks.size());
        if (clicks.size() < MAX_CLICKS) {
          TimeUnit.MILLISECONDS.sleep(GATHER_MILLIS);
        }
      } else {
        TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
      }
    }
  }

  private boolean intoLog(List<EncodedEvent> clicks) {
    if (!breaker.allowsCalls()) {
      return false;
    }
    try {
      Await.on(events.append(clicks), LOG_SECONDS);
      return true;
    } catch (RuntimeException failure) {
      breaker.trip(failure);
      return false;
    }
  }

  private boolean intoSpool(List<EncodedEvent> clicks) throws InterruptedException {
    try {
      spool.append(clicks, journal.oldest().orElse(Instant.EPOCH));
      isStuck = false;
      TimeUnit.MILLISECONDS.sleep(SYNC_MILLIS);
      return true;
    } catch (IOException failure) {
      if (!isStuck) { // once in an outage, not every half second
        log.warn("The spool takes no clicks, which stay in memory: {}", failure.toString());
      }
      isStuck = true;
      return false;
    }
  }

  /** Forwards the rest of the journal, for at most 5 seconds. */
  @Override
  public void close() {
    closed = true;
    wakeUps.release();
    try {
      if (!thread.join(Duration.ofSeconds(5))) { // an interrupt would close the file in use
        log.warn("The journal is not empty. The next start forwards the rest");
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
