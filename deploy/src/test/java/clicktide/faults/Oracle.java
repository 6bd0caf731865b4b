package clicktide.faults;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * The responses to clients, kept outside the product and synced to disk: clicks by link, and
 * accepted events by link and minute. A click whose connection broke is unknown: it may count.
 */
final class Oracle implements AutoCloseable {
  final Map<String, LongAdder> answered = new ConcurrentHashMap<>();
  final Map<String, LongAdder> unknown = new ConcurrentHashMap<>();
  final Map<String, Map<Instant, LongAdder>> accepted = new ConcurrentHashMap<>();
  private final String watched;
  private final List<Instant> times =
      new ArrayList<>(); // of the answered clicks of the watched link
  private final LinkedBlockingQueue<String> lines = new LinkedBlockingQueue<>();
  private final FileChannel file;
  private final Thread writer;

  /** {@code watched} is a link whose answered clicks are also kept by time. */
  Oracle(Path path, String watched) throws IOException {
    this.watched = watched;
    file = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    writer = Thread.ofPlatform().daemon().name("oracle").start(this::write);
  }

  void answered(String code) {
    answered.computeIfAbsent(code, _ -> new LongAdder()).increment();
    lines.add("answered " + code);
    if (code.equals(watched)) {
      synchronized (times) {
        times.add(Instant.now());
      }
    }
  }

  /** The number of clicks of the watched link that were answered before an instant. */
  long answeredBefore(Instant then) {
    synchronized (times) { // nearly in the order of the responses
      var after = times.size();
      while (after > 0 && !times.get(after - 1).isBefore(then)) {
        after--;
      }
      return after;
    }
  }

  void unknown(String code) {
    unknown.computeIfAbsent(code, _ -> new LongAdder()).increment();
    lines.add("unknown " + code);
  }

  void accepted(String code, Instant at) {
    accepted
        .computeIfAbsent(code, _ -> new ConcurrentHashMap<>())
        .computeIfAbsent(at.truncatedTo(ChronoUnit.MINUTES), _ -> new LongAdder())
        .increment();
    lines.add("accepted " + code + " " + at);
  }

  long events() {
    var clicks = answered.values().stream().mapToLong(LongAdder::sum).sum();
    return clicks
        + accepted.values().stream()
            .flatMap(minutes -> minutes.values().stream())
            .mapToLong(LongAdder::sum)
            .sum();
  }

  private void write() {
    try {
      while (true) {
        var text = new StringBuilder();
        for (var line = lines.take(); line != null; line = lines.poll()) {
          text.append(line).append('\n');
        }
        file.write(ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.US_ASCII)));
        file.force(false);
        TimeUnit.MILLISECONDS.sleep(20);
      }
    } catch (InterruptedException | IOException _) {
      // closed
    }
  }

  @Override
  public void close() {
    writer.interrupt();
    Signals.join(writer);
  }
}
