package clicktide.faults;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Reads the counts of one link all the time, in turn from the live counts and from the rollups. A
 * complete response must contain every click that was answered before its {@code freshThrough}
 * (G14, G8).
 */
final class FreshnessWatch implements AutoCloseable {
  private static final Duration CLOCKS = Duration.ofMillis(50); // the node's and the driver's

  private final Rig rig;
  private final Oracle oracle;
  private final String code;
  private final Thread thread;
  private final List<String> overstated = new ArrayList<>();
  private final Map<String, Advance> advances = new HashMap<>(); // of each query
  private Duration stalest = Duration.ZERO;
  private Duration gap = Duration.ZERO;
  private long answers;
  private volatile boolean closed;

  FreshnessWatch(Rig rig, Oracle oracle, String code) {
    this.rig = rig;
    this.oracle = oracle;
    this.code = code;
    thread = Thread.ofPlatform().daemon().name("freshness").start(this::run);
  }

  private void run() {
    try {
      for (var number = 0; !closed; number++) {
        ask(number % 2 == 0 ? "" : "&dimensions=via"); // with a dimension: the rollups
        TimeUnit.MILLISECONDS.sleep(100);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void ask(String dimensions) throws InterruptedException {
    JsonNode answer;
    try {
      answer =
          rig.get("/v1/links/%s/analytics?bucket=minute&interval=1h%s".formatted(code, dimensions));
    } catch (IOException _) {
      return; // unavailable at present
    }
    var through = Instant.parse(answer.path("freshThrough").textValue());
    var stale = Duration.between(through, Instant.now());
    var counted = answer.at("/totals/clicks/total").longValue();
    var answered = oracle.answeredBefore(through.minus(CLOCKS));
    synchronized (this) {
      answers++;
      stalest = longer(stale, stalest);
      advance(dimensions, through);
      if (answer.at("/meta/complete").booleanValue() && counted < answered) {
        overstated.add(
            "counted %d of %d answered before %s: %s"
                .formatted(counted, answered, through, answer.path("meta")));
      }
    }
  }

  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) > 0 ? one : other;
  }

  private record Advance(Instant through, long at) {}

  private void advance(String query, Instant through) {
    var now = System.nanoTime();
    var last = advances.get(query);
    if (last != null) {
      gap = longer(Duration.ofNanos(now - last.at), gap);
    }
    if (last == null || through.isAfter(last.through)) {
      advances.put(query, new Advance(through, now));
    }
  }

  /**
   * Returns the longest time in which freshThrough stood still since the last call, in seconds. It
   * is some 1 s while nothing fails.
   */
  synchronized double takeGap() {
    var taken = gap;
    gap = Duration.ZERO;
    advances.clear(); // a gap that has ended belongs to this call
    return taken.toMillis() / 1_000.0;
  }

  /** Responses that claimed more than was applied. */
  synchronized List<String> overstated() {
    return List.copyOf(overstated);
  }

  /** The number of responses and the age of the oldest counts. */
  synchronized String summary() {
    return "%d responses, counts at most %.1f s old"
        .formatted(answers, stalest.toMillis() / 1_000.0);
  }

  @Override
  public void close() {
    closed = true;
    Signals.join(thread);
  }
}
