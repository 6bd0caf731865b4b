package clicktide.faults;

import clicktide.deploy.Installation;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Clicks and batches of collectors at a rate, until it is closed. The oracle gets every response.
 */
final class Traffic implements AutoCloseable {
  private static final int CONNECTIONS = 8;
  private static final int BATCH = 50;
  private static final String LENGTH = "content-length:";

  private static final AtomicInteger MADE = new AtomicInteger();

  private final Rig rig;
  private final Oracle oracle;
  private final Links links;
  private final Installation node;
  private final int number = MADE.incrementAndGet(); // part of the event IDs
  private final List<Thread> threads = new ArrayList<>();

  /** From the time at which a click was due to its response. */
  final Latencies latencies = new Latencies();

  private final AtomicLong refused = new AtomicLong();
  private final Queue<String> failures = new ConcurrentLinkedQueue<>();
  private volatile boolean closed;

  /** Links that are clicked, and links that collectors report. */
  record Links(List<String> clicked, List<String> reported) {}

  Traffic(Rig rig, Oracle oracle, Links links) {
    this(rig, oracle, links, rig.linkNode);
  }

  private Traffic(Rig rig, Oracle oracle, Links links, Installation node) {
    this.rig = rig;
    this.oracle = oracle;
    this.links = links;
    this.node = node;
  }

  /** Returns more traffic for the same links and oracle. */
  Traffic another() {
    return at(node);
  }

  /** Returns more traffic for the same links and oracle, whose clicks another node answers. */
  Traffic at(Installation other) {
    return new Traffic(rig, oracle, links, other);
  }

  Links links() {
    return links;
  }

  /** Starts clicks and events at these rates per second. */
  Traffic start(int clicks, int events) {
    for (var i = 0; clicks > 0 && i < CONNECTIONS; i++) {
      var pause = TimeUnit.SECONDS.toNanos(CONNECTIONS) / clicks;
      threads.add(Thread.ofPlatform().daemon().start(() -> click(pause)));
    }
    if (events > 0) {
      var pause = TimeUnit.SECONDS.toNanos(BATCH) / events;
      threads.add(Thread.ofPlatform().daemon().start(() -> report(pause)));
    }
    return this;
  }

  private void click(long pause) {
    var due = System.nanoTime();
    while (!closed) {
      try (var socket = new Socket(InetAddress.getLoopbackAddress(), node.port)) {
        socket.setSoTimeout(30_000);
        socket.setTcpNoDelay(true);
        var in = new BufferedInputStream(socket.getInputStream());
        while (!closed) {
          sleepUntil(due);
          var code = links.clicked.get(ThreadLocalRandom.current().nextInt(links.clicked.size()));
          follow(code, socket, in, due);
          due = after(due, pause);
        }
      } catch (IOException e) {
        failures.add(Instant.now() + " " + e);
        due = System.nanoTime();
        sleep(TimeUnit.MILLISECONDS.toNanos(20));
      }
    }
  }

  private void follow(String code, Socket socket, InputStream in, long due) throws IOException {
    var request =
        "GET /%s HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: Mozilla/5.0 Firefox/144.0\r\n\r\n"
            .formatted(code);
    try {
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      var status = line(in).split(" ", 3)[1];
      if (status.equals("302")) {
        oracle.answered(code);
      } else {
        refused.incrementAndGet();
      }
    } catch (IOException e) {
      oracle.unknown(code);
      throw e;
    }
    var body = 0;
    for (var header = line(in); !header.isEmpty(); header = line(in)) {
      if (header.regionMatches(true, 0, LENGTH, 0, LENGTH.length())) {
        body = Integer.parseInt(header.substring(LENGTH.length()).strip());
      }
    }
    in.skipNBytes(body);
    latencies.add(System.nanoTime() - due);
  }

  private static String line(InputStream in) throws IOException {
    var line = new StringBuilder();
    for (int c; (c = in.read()) != '\n'; ) {
      if (c < 0) {
        throw new EOFException();
      }
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }

  /** Sends each batch with the same IDs until it is accepted, so that it counts once. */
  private void report(long pause) {
    var due = System.nanoTime();
    for (var batch = 0; !closed; batch++) {
      sleepUntil(due);
      due = after(due, pause);
      var random = ThreadLocalRandom.current();
      var now = Instant.now();
      var codes = new ArrayList<String>();
      var times = new ArrayList<Instant>();
      var events = new ArrayList<String>();
      for (var i = 0; i < BATCH; i++) {
        codes.add(links.reported.get(random.nextInt(links.reported.size())));
        times.add(now.minusSeconds(random.nextInt(600)).truncatedTo(ChronoUnit.MILLIS));
        events.add(
            "{\"eventId\":\"%d-%d-%d-%s\",\"shortCode\":\"%s\",\"eventTime\":\"%s\",\"ip\":\"203.0.113.%d\"}"
                .formatted(
                    number, batch, i, links.reported.getFirst(), codes.get(i), times.get(i), i));
      }
      var body = "{\"events\":[%s]}".formatted(String.join(",", events));
      var refusal = rig.refusal(body, BATCH);
      while (refusal.isPresent()) { // also after the end, because it may count
        failures.add(Instant.now() + " " + refusal.get());
        sleep(TimeUnit.MILLISECONDS.toNanos(100));
        refusal = rig.refusal(body, BATCH);
      }
      for (var i = 0; i < BATCH; i++) {
        oracle.accepted(codes.get(i), times.get(i));
      }
    }
  }

  private static void sleepUntil(long due) {
    var left = due - System.nanoTime();
    if (left > 0) {
      sleep(left);
    }
  }

  /** The next due time. Delays are made up for, up to one second. */
  private static long after(long due, long pause) {
    return Math.max(due + pause, System.nanoTime() - TimeUnit.SECONDS.toNanos(1));
  }

  private static void sleep(long nanos) {
    try {
      TimeUnit.NANOSECONDS.sleep(nanos);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /** The number of answered clicks and accepted events so far. */
  long answered() {
    return oracle.events();
  }

  /** Responses that were no redirect. */
  long refused() {
    return refused.get();
  }

  /** Connections that were refused or reset, and batches that had to be sent again. */
  List<String> failures() {
    return List.copyOf(failures);
  }

  @Override
  public void close() {
    closed = true;
    threads.forEach(Signals::join);
  }
}
