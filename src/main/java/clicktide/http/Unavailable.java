package clicktide.http;

import io.vertx.core.VertxException;
import java.io.IOException;
import java.sql.SQLTransientException;
import java.util.concurrent.TimeoutException;

/** Something that is needed does not answer; the caller may try again shortly. */
public final class Unavailable extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public Unavailable(String message) {
    super(message);
  }

  /** Whether a failure means that a store is away, not that we are wrong. */
  public static boolean isCauseOf(Throwable failure) {
    for (var cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof IOException
          || cause instanceof TimeoutException
          || cause instanceof SQLTransientException
          || cause instanceof Unavailable
          || cause instanceof VertxException) {
        return true;
      }
    }
    return false;
  }
}
