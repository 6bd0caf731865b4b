package clicktide.event;

import java.time.Instant;
import java.time.InstantSource;

/** The wall clock as it was at the start, plus monotonic time since: a step does not move it. */
public final class SteadyClock implements InstantSource {
  private final Instant start;
  private final long startNanos = System.nanoTime();

  public SteadyClock(InstantSource wall) {
    start = wall.instant();
  }

  @Override
  public Instant instant() {
    return start.plusNanos(System.nanoTime() - startNanos);
  }
}
