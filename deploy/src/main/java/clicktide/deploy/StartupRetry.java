package clicktide.deploy;

import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Retry of a step of the start. Once short links are answered, a store that is unavailable is
 * waited for; before that, it is an error.
 */
record StartupRetry(boolean isAnswering) {
  private static final Logger log = LoggerFactory.getLogger(StartupRetry.class);
  private static final int PAUSE_SECONDS = 1;

  <T> T call(Callable<T> step) throws Exception {
    while (true) {
      try {
        return step.call();
      } catch (Exception failure) {
        if (!isAnswering) {
          throw failure;
        }
        log.warn(
            "Short links are answered; the other parts wait for a store: {}", failure.toString());
        TimeUnit.SECONDS.sleep(PAUSE_SECONDS);
      }
    }
  }
}
