package clicktide.deploy;

import clicktide.store.AccessRefused;
import clicktide.store.Unavailable;
import java.sql.SQLException;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Retry of a step of the start. A store that is unavailable is waited for. Any other failure ends
 * the start, unless short links are answered already: then it is retried as well.
 */
record StartupRetry(boolean isAnswering) {
  private static final Logger log = LoggerFactory.getLogger(StartupRetry.class);
  private static final int PAUSE_SECONDS = 1;

  <T> T call(Callable<T> step) throws Exception {
    while (true) {
      try {
        return step.call();
      } catch (Exception failure) {
        var cause = translated(failure);
        if (!isAnswering && !(cause instanceof Unavailable)) {
          throw cause;
        }
        log.warn(
            isAnswering
                ? "Short links are answered; the other parts wait for a store: {}"
                : "The start waits for a store: {}",
            cause.getMessage());
        TimeUnit.SECONDS.sleep(PAUSE_SECONDS);
      }
    }
  }

  /** Translates failures of PostgreSQL, which may be causes, by the class of their SQLSTATE. */
  private static Exception translated(Exception failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql && sql.getSQLState() != null) {
        var sentence = sql.getMessage().lines().findFirst().orElse("");
        return switch (sql.getSQLState()) {
          case "08004", "28000", "28P01", "3D000", "42501" ->
              new AccessRefused(
                  "PostgreSQL refuses the login or a permission: " + sentence, failure);
          case String state when state.matches("(08|53|57P).*") ->
              new Unavailable("PostgreSQL does not answer: " + sentence);
          default -> failure;
        };
      }
    }
    return failure;
  }
}
