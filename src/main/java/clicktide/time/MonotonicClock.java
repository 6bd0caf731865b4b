package clicktide.time;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * A wall clock that never goes back: the wall time at the start plus the monotonic time since, so a
 * step of the system clock does not move it. A correction by the stamps of the log puts right an
 * error at the start (G15). For any thread.
 */
public final class MonotonicClock implements InstantSource {
  private static final int READINGS = 10;

  private final TimeSource time;
  private final Reading start;
  private volatile Duration correction = Duration.ZERO;

  /** A wall time at a monotonic time, which was read before and after it; in nanoseconds. */
  private record Reading(Instant wall, long nanos, long duration) {
    private static Reading of(TimeSource time) {
      var before = time.nanos();
      var wall = time.instant();
      var duration = time.nanos() - before;
      return new Reading(wall, before + duration / 2, duration);
    }
  }

  /** Takes the quickest of ten readings: a thread can be suspended in the middle of one. */
  public MonotonicClock(TimeSource time) {
    this.time = time;
    start =
        Stream.generate(() -> Reading.of(time))
            .limit(READINGS)
            .min(Comparator.comparingLong(Reading::duration))
            .orElseThrow();
  }

  @Override
  public Instant instant() {
    return uncorrected().plus(correction);
  }

  /** Returns the time without any correction: one clock for the whole life of the process. */
  public Instant uncorrected() {
    return start.wall.plusNanos(time.nanos() - start.nanos);
  }

  /** Adds to the correction. */
  public synchronized void correct(Duration by) {
    correction = correction.plus(by);
  }

  /** Returns the sum of all corrections. */
  public Duration correction() {
    return correction;
  }
}
