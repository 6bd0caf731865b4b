package clicktide.enrich;

import clicktide.time.TimeSource;
import java.time.Duration;

/**
 * The time that a process may spend on new user agents: an eighth of a second per second, and one
 * second at once. It is not processor time, because the sinks wait for the parser. Visitors choose
 * the user agent, so without a limit they could stop the counting of all owners. For any thread.
 */
final class ParserTime {
  private static final long AT_ONCE = Duration.ofSeconds(1).toNanos();
  private static final int SHARE = 8; // of each second, one part of this many

  private final TimeSource time;
  private long left = AT_ONCE;
  private long readAt;

  ParserTime(TimeSource time) {
    this.time = time;
    readAt = time.nanos();
  }

  /** Returns true if a user agent may be parsed now. */
  synchronized boolean isLeft() {
    var now = time.nanos();
    left = Math.min(AT_ONCE, left + (now - readAt) / SHARE);
    readAt = now;
    return left > 0;
  }

  /** Takes time that was spent, also more than is left. */
  synchronized void spend(long nanos) {
    left -= nanos;
  }
}
