package clicktide.load;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** Work for many hands, and patience. */
final class Hands {
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private Hands() {}

  /** Asks until it is so, and says how long after the last event that was. */
  static boolean await(String what, Instant since, Callable<Boolean> isSo) throws Exception {
    while (!isSo.call()) {
      if (Instant.now().isAfter(since.plus(PATIENCE))) {
        System.out.printf("%s: not within %s%n", what, PATIENCE);
        return false;
      }
      TimeUnit.MILLISECONDS.sleep(50);
    }
    System.out.printf(
        "%s: right %d ms after the last event%n",
        what, Duration.between(since, Instant.now()).toMillis());
    return true;
  }

  static void run(int hands, Callable<Void> work) throws IOException, InterruptedException {
    try (var threads = Executors.newFixedThreadPool(hands)) {
      for (var done : threads.invokeAll(Collections.nCopies(hands, work))) {
        try {
          done.get();
        } catch (ExecutionException e) {
          throw new IOException(e.getCause());
        }
      }
    }
  }
}
