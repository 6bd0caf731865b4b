package clicktide.faults;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
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
  private Duration stalest = Duration.ZERO;
  private Duration stalestSinceTaken = Duration.ZERO;
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
      stalestSinceTaken = longer(stale, stalestSinceTaken);
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

  /** Returns the age of the oldest counts since the last call, in seconds. */
  synchronized double takeStalest() {
    var taken = stalestSinceTaken;
    stalestSinceTaken = Duration.ZERO;
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
