package clicktide.ingest;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The breaker between this node and the log: it remembers if the log took clicks. For any thread.
 */
final class CircuitBreaker {
  private static final Logger log = LoggerFactory.getLogger(CircuitBreaker.class);

  private volatile boolean allowsCalls = true;
  private volatile boolean wasReached;

  /** Returns false since the log failed, until it has taken something again. */
  boolean allowsCalls() {
    return allowsCalls;
  }

  /** The log failed or did not answer in time. At the start, the process still connects to it. */
  void trip(Throwable cause) {
    if (allowsCalls && wasReached) {
      log.warn("The log takes no clicks, which go to the spool: {}", cause.toString());
    }
    allowsCalls = false;
  }

  /** The log took something. */
  void reset() {
    if (!allowsCalls) {
      log.info("The log takes clicks");
    }
    allowsCalls = true;
    wasReached = true;
  }
}
