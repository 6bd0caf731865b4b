package clicktide.ingest;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether the log takes clicks, as far as this node knows. For any thread. */
final class CircuitBreaker {
  private static final Logger log = LoggerFactory.getLogger(CircuitBreaker.class);

  private volatile boolean isOpen = true;

  boolean isOpen() {
    return isOpen;
  }

  /** The log did not take something in time. */
  void shut(Throwable why) {
    if (isOpen) {
      log.warn("The log does not take clicks; they go to the spool: {}", why.toString());
    }
    isOpen = false;
  }

  /** The log took something. */
  void open() {
    if (!isOpen) {
      log.info("The log takes clicks again");
    }
    isOpen = true;
  }
}
