package clicktide.load;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/** The time after the last event until every count is exact. */
final class Convergence {
  private static final Duration DEADLINE = Duration.ofSeconds(5);

  private Convergence() {}

  /** Waits up to 5 s after an instant for a condition; prints the delay and returns the outcome. */
  static boolean await(String condition, Instant since, Callable<Boolean> holds) throws Exception {
    while (!holds.call()) {
      if (Instant.now().isAfter(since.plus(DEADLINE))) {
        System.out.printf("%s: not exact within %s%n", condition, DEADLINE);
        return false;
      }
      TimeUnit.MILLISECONDS.sleep(50);
    }
    System.out.printf(
        "%s: exact %d ms after the last event%n",
        condition, Duration.between(since, Instant.now()).toMillis());
    return true;
  }
}
