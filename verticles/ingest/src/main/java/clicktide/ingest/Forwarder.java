package clicktide.ingest;

import clicktide.log.EventLog;
import clicktide.log.Journal;
import clicktide.store.Await;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings one journal into the log on a virtual thread of its own. Clicks leave the journal only
 * when the log has them; a batch that fails is sent again, which its identities make harmless.
 */
final class Forwarder implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Forwarder.class);
  private static final int MOST_CLICKS = 4_096;
  private static final long PAUSE_MILLIS = 500;
  private static final long PATIENCE_SECONDS = 130; // the producer gives up before that

  private final Journal journal;
  private final EventLog events;
  private final Semaphore hints = new Semaphore(0);
  private final Thread thread;
  private volatile boolean closed;

  Forwarder(int lane, Journal journal, EventLog events) {
    this.journal = journal;
    this.events = events;
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
      log.warn("Forwarding ended before the journal was empty");
    }
  }

  private void forward() throws InterruptedException {
    for (var clicks = journal.read(MOST_CLICKS);
        !clicks.isEmpty();
        clicks = journal.read(MOST_CLICKS)) {
      try {
        Await.on(events.append(clicks), PATIENCE_SECONDS);
        journal.acknowledge(clicks.size());
      } catch (RuntimeException failure) {
        log.warn("The log does not take clicks; they wait: {}", failure.toString());
        TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
      }
    }
  }

  /** Forwards what is there, for at most a few seconds. */
  @Override
  public void close() {
    closed = true;
    hints.release();
    try {
      if (!thread.join(Duration.ofSeconds(5))) {
        thread.interrupt();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
