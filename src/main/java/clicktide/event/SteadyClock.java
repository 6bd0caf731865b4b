package clicktide.event;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * The wall clock as it was at the start, plus monotonic time since: a step does not move it. What
 * it was wrong at the start is corrected as soon as somebody can tell (G15). For any thread.
 */
public final class SteadyClock implements InstantSource {
  private final Instant start;
  private final long startNanos = System.nanoTime();
  private volatile Duration correction = Duration.ZERO;

  public SteadyClock(InstantSource wall) {
    start = wall.instant();
  }

  @Override
  public Instant instant() {
    return uncorrected().plus(correction);
  }

  /** Without any correction: the same clock all the time that this process runs. */
  public Instant uncorrected() {
    return start.plusNanos(System.nanoTime() - startNanos);
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
