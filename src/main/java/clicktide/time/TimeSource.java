package clicktide.time;

import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;

/**
 * A source of wall-clock instants and of monotonic nanoseconds. Only {@code Main} creates the real
 * one; everything else receives it, so that a test moves the time itself. For any thread.
 */
public interface TimeSource extends InstantSource {
  /** Returns monotonic time in nanoseconds. Only differences of two readings have a meaning. */
  long nanos();

  /** Returns the time of this computer. */
  static TimeSource system() {
    return of(Clock.systemUTC());
  }

  /** Returns a source with the given wall clock and the monotonic time of this computer. */
  static TimeSource of(InstantSource wall) {
    return new TimeSource() {
      @Override
      public Instant instant() {
        return wall.instant();
      }

      @Override
      public long nanos() {
        return System.nanoTime();
      }
    };
  }
}
