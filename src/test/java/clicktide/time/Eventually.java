package clicktide.time;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/** Waiting for a condition in tests: {@code eventually("the click is counted").until(…)}. */
public final class Eventually {
  private static final Duration INTERVAL = Duration.ofMillis(50);
  private static final Duration DEADLINE = Duration.ofSeconds(90);

  private Eventually() {}

  /**
   * Waits up to 90 s and looks at the condition every 50 ms, in the calling thread. A failure names
   * the condition.
   */
  public static ConditionFactory eventually(String condition) {
    return Awaitility.await(condition)
        .atMost(DEADLINE)
        .pollDelay(Duration.ZERO)
        .pollInterval(INTERVAL)
        .pollInSameThread()
        .dontCatchUncaughtExceptions();
  }
}
