package clicktide.faults;

import java.io.IOException;
import java.util.List;

/** Signals to processes that the driver started. */
final class Signals {
  private Signals() {}

  static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  static void send(String signal, long process) throws IOException, InterruptedException {
    new ProcessBuilder(List.of("kill", "-s", signal, Long.toString(process))).start().waitFor();
  }
}
