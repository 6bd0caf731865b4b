package clicktide.load;

import java.io.IOException;
import java.util.Collections;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;

/** Work on several threads. */
final class Workers {
  private Workers() {}

  /** Runs the same work on this many threads and returns when all have ended. */
  static void run(int count, Callable<Void> work) throws IOException, InterruptedException {
    try (var threads = Executors.newFixedThreadPool(count)) {
      for (var done : threads.invokeAll(Collections.nCopies(count, work))) {
        try {
          done.get();
        } catch (ExecutionException e) {
          throw new IOException(e.getCause());
        }
      }
    }
  }
}
