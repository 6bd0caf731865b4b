package clicktide.time;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * The wall clock as it was at the start, plus monotonic time since: a step does not move it. What
 * it was wrong at the start is corrected as soon as somebody can tell (G15). For any thread.
 */
public final class MonotonicClock implements InstantSource {
  private static final int READINGS = 10;

  private final Reading start;
  private volatile Duration correction = Duration.ZERO;

  /** The wall clock at a moment of the monotonic one, which was looked at before and after. */
  private record Reading(Instant wall, long nanos, long took) {
    private static Reading of(InstantSource wall) {
      var before = System.nanoTime();
      var at = wall.instant();
      var took = System.nanoTime() - before;
      return new Reading(at, before + took / 2, took);
    }
  }

  /** Of some readings it takes the quickest: a thread may be put aside in the middle of one. */
  public MonotonicClock(InstantSource wall) {
    start =
        Stream.generate(() -> Reading.of(wall))
            .limit(READINGS)
            .min(Comparator.comparingLong(Reading::took))
            .orElseThrow();
  }

  @Override
  public Instant instant() {
    return uncorrected().plus(correction);
  }

  /** Without any correction: the same clock all the time that this process runs. */
  public Instant uncorrected() {
    return start.wall.plusNanos(System.nanoTime() - start.nanos);
  }

  /** Adds to the correction. */
  public synchronized void correct(Duration by) {
    correction = correction.plus(by);
  }

  /** What was added to the wall clock as it was at the start. */
  public Duration correction() {
    return correction;
  }
}
