package clicktide.load;

import clicktide.load.Traffic.Shape;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.LongAdder;
import java.util.zip.GZIPOutputStream;

/**
 * The processor time of the batch collector: {@code CollectorBench [events]}. It starts the product
 * without the role {@code aggregation}. Each round sends batches of 500 events with ids of their
 * own, which were prepared before. Plain and compressed batches take turns. It prints CPU seconds
 * per million events, and exits with code 1 if an event is not accepted.
 */
public final class CollectorBench {
  private static final int LINKS = 20_000;
  private static final int BATCH = 500;
  private static final int CONNECTIONS = 4;
  private static final int ROUNDS = 3;
  private static final int WARM_UP = 300_000; // events of each form
  private static final int SPREAD_MILLIS = 60_000; // of the times of events
  private static final String[] ROLES = {"redirect", "ingest", "management"};

  private final Traffic traffic = new Traffic(LINKS, Shape.ZIPF, 1);
  private final StartedProduct started;
  private final Product owner;
  private long sent;
  private long accepted;

  private CollectorBench(StartedProduct started) throws IOException {
    this.started = started;
    owner = started.owner();
  }

  /** The form of a body. */
  private enum Form {
    PLAIN,
    GZIP;

    private final double[] application = new double[ROUNDS]; // seconds per million events
    private final double[] all = new double[ROUNDS];
    private final double[] rate = new double[ROUNDS]; // events per second

    private byte[] encode(String json) throws IOException {
      var bytes = json.getBytes(StandardCharsets.UTF_8);
      if (this == PLAIN) {
        return bytes;
      }
      var body = new ByteArrayOutputStream();
      try (var gzip = new GZIPOutputStream(body)) {
        gzip.write(bytes);
      }
      return body.toByteArray();
    }
  }

  public static void main(String[] arguments) throws Exception {
    var events = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 1_000_000;
    System.exit(run(events) ? 0 : 1);
  }

  private static boolean run(int events) throws Exception {
    try (var product = StartedProduct.withoutQuotas(ROLES)) {
      BenchLinks.create(product, LINKS);
      return new CollectorBench(product).compare(events);
    }
  }

  private boolean compare(int events) throws Exception {
    for (var form : Form.values()) {
      send(form, bodies(form, WARM_UP));
    }
    for (var round = 0; round < ROUNDS; round++) {
      for (var form : Form.values()) {
        measure(form, round, events);
      }
    }
    for (var form : Form.values()) {
      print(form, "median", median(form.application), median(form.all), median(form.rate));
    }
    System.out.printf("%d events sent, %d accepted%n", sent, accepted);
    return accepted == sent;
  }

  private void measure(Form form, int round, int events) throws Exception {
    var bodies = bodies(form, events);
    var millions = bodies.size() * BATCH / 1e6;
    var before = ProcessorTime.of(started.processes());
    var start = System.nanoTime();
    send(form, bodies);
    form.rate[round] = millions * 1e15 / (System.nanoTime() - start);
    var time = ProcessorTime.of(started.processes()).since(before);
    form.application[round] = time.seconds().getOrDefault("application", 0.0) / millions;
    form.all[round] = time.sum() / millions;
    var name = "round " + (round + 1);
    print(form, name, form.application[round], form.all[round], form.rate[round]);
  }

  private List<byte[]> bodies(Form form, int events) throws IOException {
    var now = Instant.now();
    var bodies = new ArrayList<byte[]>();
    for (var from = 0; from < events; from += BATCH) {
      var batch = new ArrayList<String>();
      for (var i = 0; i < BATCH; i++) {
        var at = now.minusMillis((from + i) % SPREAD_MILLIS);
        batch.add(traffic.event("bench-" + sent++, at));
      }
      bodies.add(form.encode("{\"events\":[" + String.join(",", batch) + "]}"));
    }
    return bodies;
  }

  private void send(Form form, List<byte[]> bodies) throws IOException, InterruptedException {
    var left = new ConcurrentLinkedQueue<>(bodies);
    var sum = new LongAdder();
    Workers.run(
        CONNECTIONS,
        () -> {
          for (byte[] body; (body = left.poll()) != null; ) {
            sum.add(owner.collect(body, form == Form.GZIP));
          }
          return null;
        });
    accepted += sum.sum();
  }

  private static void print(Form form, String name, double application, double all, double rate) {
    System.out.printf(
        "%-5s %-8s CPU seconds per million events: %5.2f of the application, %5.2f of all; %6.0f events/s%n",
        form.name().toLowerCase(Locale.ROOT), name, application, all, rate);
  }

  private static double median(double[] values) {
    var sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
