package clicktide.time;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;

/** A time source that stands still until a test moves it. For any thread. */
public final class ManualTime implements TimeSource {
  private final Instant start;
  private final AtomicReference<Instant> now;

  public ManualTime(Instant start) {
    this.start = start;
    now = new AtomicReference<>(start);
  }

  /** Moves wall time and monotonic time forward. */
  public void advance(Duration by) {
    now.updateAndGet(instant -> instant.plus(by));
  }

  @Override
  public Instant instant() {
    return now.get();
  }

  @Override
  public long nanos() {
    return Duration.between(start, now.get()).toNanos();
  }
}
