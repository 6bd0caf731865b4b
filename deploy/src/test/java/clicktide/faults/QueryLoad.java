package clicktide.faults;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/** Many clients that query the API without a pause, and the counts of their responses. */
final class QueryLoad implements AutoCloseable {
  private final Rig rig;
  private final String code;
  private final List<Thread> threads = new ArrayList<>();

  /** Responses with status 200. */
  final LongAdder succeeded = new LongAdder();

  /** Responses with status 429 or 503 and a Retry-After. */
  final LongAdder limited = new LongAdder();

  /** All other responses. */
  final LongAdder failed = new LongAdder();

  private volatile boolean closed;

  QueryLoad(Rig rig, String code) {
    this.rig = rig;
    this.code = code;
  }

  /** Starts this many clients. */
  QueryLoad start(int count) {
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
        var isLimited =
            (answer.statusCode() == 429 || answer.statusCode() == 503)
                && answer.headers().firstValue("Retry-After").isPresent();
        (answer.statusCode() == 200 ? succeeded : isLimited ? limited : failed).increment();
      } catch (IOException _) {
        failed.increment();
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
