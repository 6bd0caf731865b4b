package clicktide.kafka;

import clicktide.time.MonotonicClock;
import java.time.Duration;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares this node's clock with the broker's stamps. The broker stamped a record between its
 * sending and its acknowledgement, so the difference lies between two bounds (as in RFC 5905, NTP);
 * where both say more than five seconds, it is taken off (G15). A slow broker widens the bounds and
 * moves nothing.
 */
final class ClockCheck {
  private static final Logger log = LoggerFactory.getLogger(ClockCheck.class);
  private static final Duration TOLERATED = Duration.ofSeconds(5);

  private final MonotonicClock clock;

  ClockCheck(MonotonicClock clock) {
    this.clock = clock;
  }

  /** The moment of sending, by the clock as it was corrected then. */
  record Sent(Instant at, Duration correction) {}

  Sent now() {
    var correction = clock.correction(); // first: a change in between is noticed
    return new Sent(clock.instant(), correction);
  }

  /**
   * The log has acknowledged now what it stamped then. What was sent before a correction says
   * nothing.
   */
  synchronized void compare(Sent sent, Instant stampedAt) {
    if (!sent.correction.equals(clock.correction())) {
      return;
    }
    var least = Duration.between(clock.instant(), stampedAt);
    var most = Duration.between(sent.at, stampedAt);
    if (least.compareTo(TOLERATED) > 0 || most.compareTo(TOLERATED.negated()) < 0) {
      var middle = least.plus(most).dividedBy(2);
      clock.correct(middle);
      log.warn("The clock of this node differs from the log's by {}; it is taken off", middle);
    }
  }
}
