package clicktide.faults;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Asks for one link all the time, of the live counts and of the rollups in turn, and holds each
 * complete answer to what it claims: every click that was answered before {@code freshThrough} is
 * in it (G14, G8).
 */
final class FreshnessWatch implements AutoCloseable {
  private static final Duration CLOCKS = Duration.ofMillis(50); // the node's and the driver's

  private final Rig rig;
  private final Oracle oracle;
  private final String code;
  private final Thread thread;
  private final List<String> lies = new ArrayList<>();
  private Duration stalest = Duration.ZERO;
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
      return; // nobody answers just now
    }
    var through = Instant.parse(answer.path("freshThrough").textValue());
    var stale = Duration.between(through, Instant.now());
    var counted = answer.at("/totals/clicks/total").longValue();
    var answered = oracle.answeredBefore(through.minus(CLOCKS));
    synchronized (this) {
      answers++;
      stalest = stale.compareTo(stalest) > 0 ? stale : stalest;
      if (answer.at("/meta/complete").booleanValue() && counted < answered) {
        lies.add(
            "counted %d of %d answered before %s: %s"
                .formatted(counted, answered, through, answer.path("meta")));
      }
    }
  }

  /** Answers that claimed more than was applied. */
  synchronized List<String> lies() {
    return List.copyOf(lies);
  }

  /** In words: how many were looked at, and how old the oldest was. */
  synchronized String seen() {
    return "%d answers, at most %.1f s old".formatted(answers, stalest.toMillis() / 1_000.0);
  }

  @Override
  public void close() {
    closed = true;
    Signals.join(thread);
  }
}
