package clicktide.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.HdrHistogram.Histogram;

/**
 * A load of an open model: requests are due at fixed times, so a slow answer delays no arrival. A
 * latency begins at the intended time (no coordinated omission). One thread serves 64 persistent
 * connections without pipelining. A request that finds no idle connection waits, and its latency
 * includes the wait. Requests are sent in the order of the list, again and again.
 *
 * <p>The thread polls its connections every 20 µs or more while answers are open, because one
 * wakeup per answer costs more. So a latency is up to about 0.1 ms longer than that of the server.
 */
final class OpenLoop implements AutoCloseable {
  private static final int CONNECTIONS = 64;
  private static final long POLL_NANOS = 20_000;
  private static final long PATIENCE_NANOS = 30_000_000_000L; // for an answer

  private final int port;
  private final Arrivals arrivals;
  private final List<LinkRequest> requests;
  private final Consumer<LinkRequest> redirected;

  /** Latencies by the second of the intended time. */
  final Timeline latencies = new Timeline();

  /** The same latencies by the second of the answer. */
  final Timeline answers = new Timeline();

  /**
   * Delays between intended time and sending, in microseconds, unless all connections were busy.
   */
  final Histogram delays = new Histogram(3);

  /** The statuses of all answers, and closed connections. */
  final Seen seen = new Seen();

  private final Queue<OpenConnection> idle = new ArrayDeque<>();
  private final LongAdder redirects = new LongAdder();
  private Thread thread;
  private long start;
  private long lastRead;
  private long busy = -1; // the last time at which a request waited for a connection
  private int open;
  private int lost;
  private volatile boolean closed;

  /** {@code redirected} receives the request of each redirect, on one thread. */
  OpenLoop(
      int port, Arrivals arrivals, List<LinkRequest> requests, Consumer<LinkRequest> redirected) {
    this.port = port;
    this.arrivals = arrivals;
    this.requests = requests;
    this.redirected = redirected;
  }

  /** Requests of a browser for links. {@code redirected} receives the place of the code. */
  static OpenLoop of(
      Product product, List<String> codes, Arrivals arrivals, IntConsumer redirected) {
    return new OpenLoop(
        product.linkPort,
        arrivals,
        LinkRequest.of(codes),
        request -> redirected.accept(request.link));
  }

  OpenLoop start() {
    thread = Thread.ofPlatform().name("open-loop").daemon().start(this::run);
    return this;
  }

  private void run() {
    try (var selector = Selector.open()) {
      for (var i = 0; i < CONNECTIONS; i++) {
        idle.add(new OpenConnection(port, selector));
      }
      start = System.nanoTime();
      follow(selector);
      for (var key : selector.keys()) {
        key.channel().close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void follow(Selector selector) throws IOException {
    var sent = 0;
    var due = arrivals.next();
    while (due != Arrivals.NONE || open > 0) {
      var now = System.nanoTime() - start;
      while (due <= now && !idle.isEmpty()) {
        send(requests.get(sent++ % requests.size()), due, now);
        due = arrivals.next();
      }
      busy = due <= now ? now : busy;
      due = closed ? Arrivals.NONE : due;
      if (selector.selectNow(this::read) == 0) {
        if (open > 0 && now - lastRead > PATIENCE_NANOS) {
          seen.count("end without " + open + " answers");
          return;
        }
        LockSupport.parkNanos(open > 0 ? Math.clamp(due - now, 1, POLL_NANOS) : due - now);
      }
      while (lost > 0) {
        idle.add(new OpenConnection(port, selector));
        lost--;
      }
    }
  }

  private void send(LinkRequest request, long due, long now) {
    var connection = idle.remove();
    lastRead = open++ == 0 ? now : lastRead;
    if (due > busy) {
      delays.recordValue((now - due) / 1_000);
    }
    try {
      connection.send(request, due);
    } catch (IOException _) {
      lose(connection);
    }
  }

  private void read(SelectionKey key) {
    var connection = (OpenConnection) key.attachment();
    try {
      var status = connection.read();
      if (status > 0) {
        answered(connection, status);
        idle.add(connection);
      }
    } catch (IOException _) {
      lose(connection);
    }
  }

  private void answered(OpenConnection connection, int status) {
    open--;
    lastRead = System.nanoTime() - start;
    var latency = lastRead - connection.intended();
    latencies.add(connection.intended(), latency);
    answers.add(lastRead, latency);
    seen.status(status);
    if (status == 302) {
      redirects.increment();
      redirected.accept(connection.request());
    }
  }

  /** Replaces a connection that the server closed, usually with an open request. */
  private void lose(OpenConnection connection) {
    connection.close();
    lost++;
    if (!idle.remove(connection)) {
      open--;
      seen.count("closed");
    }
  }

  /** The number of redirects so far. */
  long redirects() {
    return redirects.sum();
  }

  /** Waits until all requests are answered. */
  OpenLoop await() throws InterruptedException {
    thread.join();
    return this;
  }

  /** Sends no more requests, and waits for the open answers. */
  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(thread);
    try {
      thread.join();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
