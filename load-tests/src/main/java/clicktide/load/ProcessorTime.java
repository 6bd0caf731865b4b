package clicktide.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The processor time of processes and of their children that ended, in seconds by program: user and
 * system time of {@code proc(5)}. Linux only.
 */
record ProcessorTime(Map<String, Double> seconds) {
  private static final double TICKS_PER_SECOND = 100; // USER_HZ of all common architectures
  private static final int USER_TIME = 11; // counted from the state, which follows the name

  /** Reads it now. Processes that have ended in between are left out. */
  static ProcessorTime of(List<ProcessHandle> processes) {
    var seconds = new TreeMap<String, Double>();
    for (var process : processes) {
      var folder = Path.of("/proc", Long.toString(process.pid()));
      try {
        var stat = Files.readString(folder.resolve("stat"));
        var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        var ticks = 0L;
        for (var i = USER_TIME; i < USER_TIME + 4; i++) { // own user and system, the children's
          ticks += Long.parseLong(fields[i]);
        }
        seconds.merge(program(folder), ticks / TICKS_PER_SECOND, Double::sum);
      } catch (IOException _) {
        // it has ended, and its time is that of its parent now
      }
    }
    return new ProcessorTime(seconds);
  }

  private static String program(Path folder) throws IOException {
    var command = Files.readString(folder.resolve("cmdline"));
    if (command.contains("KafkaNode")) {
      return "Kafka";
    }
    if (command.contains("clicktide.deploy.Main")) {
      return "application";
    }
    if (command.contains("clicktide.load.")) {
      return "peer";
    }
    return Files.readString(folder.resolve("comm")).strip();
  }

  /** Returns the time since an earlier reading. */
  ProcessorTime since(ProcessorTime earlier) {
    var difference = new TreeMap<>(seconds);
    earlier.seconds.forEach((program, before) -> difference.merge(program, -before, Double::sum));
    return new ProcessorTime(difference);
  }

  double sum() {
    return seconds.values().stream().mapToDouble(Double::doubleValue).sum();
  }

  /** Names the seconds per million events, of all programs and of each. */
  String perMillion(long events) {
    var parts = new ArrayList<String>();
    seconds.forEach((name, value) -> parts.add("%s %.2f".formatted(name, value * 1e6 / events)));
    return "%.2f (%s)".formatted(sum() * 1e6 / events, String.join(", ", parts));
  }
}
