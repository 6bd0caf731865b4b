package clicktide.kafka;

import clicktide.time.MonotonicClock;
import java.time.Duration;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A comparison of this node's clock with the time stamps of the broker. The broker stamps a record
 * between its sending and its acknowledgement, so the difference lies between two bounds (as in RFC
 * 5905, NTP). If both bounds exceed 5 s, the clock is corrected (G15). A slow broker widens the
 * bounds and corrects nothing.
 */
final class ClockCheck {
  private static final Logger log = LoggerFactory.getLogger(ClockCheck.class);
  private static final Duration TOLERATED = Duration.ofSeconds(5);

  private final MonotonicClock clock;

  ClockCheck(MonotonicClock clock) {
    this.clock = clock;
  }

  /** A moment of sending, with the correction of the clock at that moment. */
  record Sent(Instant at, Duration correction) {}

  Sent now() {
    var correction = clock.correction(); // read first, so a change in between is noticed
    return new Sent(clock.instant(), correction);
  }

  /**
   * Takes the broker's stamp of a record that was acknowledged just now. A record that was sent
   * before the newest correction is ignored.
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
      log.warn("The clock of this node differs from the broker's by {} and is corrected", middle);
    }
  }
}
