package clicktide.faults;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/** Many who ask the API without a pause, and what they were answered. */
final class Askers implements AutoCloseable {
  private final Rig rig;
  private final String code;
  private final List<Thread> threads = new ArrayList<>();
  final LongAdder answered = new LongAdder();

  /** 429 or 503, with the time when to come back. */
  final LongAdder sentAway = new LongAdder();

  /** Anything else. */
  final LongAdder wrong = new LongAdder();

  private volatile boolean closed;

  Askers(Rig rig, String code) {
    this.rig = rig;
    this.code = code;
  }

  Askers start(int count) {
    for (var i = 0; i < count; i++) {
      threads.add(Thread.ofVirtual().start(this::ask));
    }
    return this;
  }

  private void ask() {
    while (!closed) {
      try {
        var answer =
            rig.ask("/v1/links/%s/analytics?interval=24h&dimensions=browser".formatted(code));
        var isSentAway =
            (answer.statusCode() == 429 || answer.statusCode() == 503)
                && answer.headers().firstValue("Retry-After").isPresent();
        (answer.statusCode() == 200 ? answered : isSentAway ? sentAway : wrong).increment();
      } catch (IOException _) {
        wrong.increment();
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  @Override
  public void close() {
    closed = true;
    threads.forEach(Signals::join);
  }
}
