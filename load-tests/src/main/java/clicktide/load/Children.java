package clicktide.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Processes that a load test starts, and their folders. */
final class Children {
  private static final int STOP_SECONDS = 60;

  private Children() {}

  /** Returns the process and those that it started. */
  static List<ProcessHandle> all(Process process) {
    return Stream.concat(Stream.of(process.toHandle()), process.descendants()).toList();
  }

  /** Stops a process in order, or after a minute by force together with those that it started. */
  static void stop(Process process) {
    process.destroy();
    if (process.onExit().completeOnTimeout(null, STOP_SECONDS, TimeUnit.SECONDS).join() == null) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly().onExit().join();
    }
  }

  static void delete(Path folder) throws IOException {
    List<Path> files;
    try (var all = Files.walk(folder)) {
      files = all.sorted(Comparator.reverseOrder()).toList();
    }
    for (var file : files) {
      Files.delete(file);
    }
  }
}
