package clicktide.store;

import io.vertx.core.Future;
import io.vertx.core.VertxException;
import java.util.concurrent.TimeUnit;

/**
 * Waiting for the future of a store, on a virtual or a platform thread. Checked exceptions and
 * errors of clients become {@link Unavailable}. Exceptions of this product stay as they are.
 */
public final class Await {
  private static final long SECONDS = 30;

  private Await() {}

  public static <T> T on(Future<T> future) {
    return on(future, SECONDS);
  }

  public static <T> T on(Future<T> future, long seconds) {
    try {
      return future.await(seconds, TimeUnit.SECONDS);
    } catch (Error e) {
      throw e;
    } catch (Throwable e) { // await throws checked ones without declaring them
      throw failure(e);
    }
  }

  /** Returns the failure of a store's future as an exception of this product. */
  public static RuntimeException failure(Throwable cause) {
    return cause instanceof RuntimeException own && !(cause instanceof VertxException)
        ? own
        : new Unavailable(cause);
  }
}
