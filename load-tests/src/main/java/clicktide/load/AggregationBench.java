package clicktide.load;

import clicktide.load.Traffic.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * The processor time of counting: {@code AggregationBench [zipf|uniform|popular|viral [links
 * [clicks]]]}. It starts the product without the role {@code aggregation} and fills the log by
 * redirects. Then it starts the role {@code aggregation} alone, and measures all processes until
 * both stores have all clicks: the first third is cold, the rest is warm. Last, it compares the
 * counts with the redirects that were not shed, and exits with code 1 if they differ. After that,
 * two peers count the same log: Kafka Streams with exactly-once, and a plain loop.
 */
public final class AggregationBench {
  private static final int CONNECTIONS = 8;
  private static final int PIPELINED = 50;
  private static final Duration DEADLINE = Duration.ofMinutes(15);
  private static final String[] FILLING = {"redirect", "ingest", "management"};

  private final Shape shape;
  private final int links;
  private final int clicks;

  private AggregationBench(Shape shape, int links, int clicks) {
    this.shape = shape;
    this.links = links;
    this.clicks = clicks;
  }

  public static void main(String[] arguments) throws Exception {
    var shape =
        arguments.length > 0 ? Shape.valueOf(arguments[0].toUpperCase(Locale.ROOT)) : Shape.ZIPF;
    var links = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 20_000;
    var clicks = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 3_000_000;
    System.exit(new AggregationBench(shape, links, clicks).run() ? 0 : 1);
  }

  private boolean run() throws Exception {
    try (var product = StartedProduct.withoutQuotas(FILLING)) {
      BenchLinks.create(product, links);
      var before = ProcessorTime.of(product.processes());
      var redirects =
          1 + new ClosedLoop(product.linkPort, CONNECTIONS, PIPELINED).run(clicks, this::traffic);
      print("capture", ProcessorTime.of(product.processes()).since(before), clicks);
      var shed = (long) product.metric("clicks_dropped_total", "reason");
      product.stop();

      product.launch("aggregation");
      measure(
          "counting",
          redirects - shed,
          () -> Math.min(read(product, "live"), read(product, "rollup")),
          product::processes);
      product.stop();

      product.launch("management", "query");
      var counted = Product.total(counts(product.owner()));
      System.out.printf("%d redirects, %d shed, %d counted%n", redirects, shed, counted);
      product.stop();

      product.launch("ingest"); // its servers are those of the peers
      compare(product, StreamsPeer.class, redirects - shed);
      compare(product, LoopPeer.class, redirects - shed);
      return counted + shed == redirects;
    }
  }

  private static void compare(StartedProduct product, Class<?> program, long events)
      throws Exception {
    try (var peer = new Peer(program, product.data())) {
      measure(program.getSimpleName(), events, peer::counted, () -> peer.with(product.processes()));
    }
  }

  /** The first third is cold, the rest is warm. */
  private static void measure(
      String name, long events, Callable<Long> counted, Supplier<List<ProcessHandle>> processes)
      throws Exception {
    await(counted, 1);
    var start = ProcessorTime.of(processes.get());
    var first = await(counted, events / 3);
    var cold = ProcessorTime.of(processes.get());
    var last = await(counted, events);
    var end = ProcessorTime.of(processes.get());
    print(name + ", cold", cold.since(start), first);
    print(name + ", warm", end.since(cold), last - first);
  }

  private Traffic traffic(int connection) {
    return new Traffic(links, shape, connection);
  }

  /** Waits until this many clicks were counted; returns how many were. */
  private static long await(Callable<Long> counted, long wanted) throws Exception {
    var end = Instant.now().plus(DEADLINE);
    while (true) {
      var now = counted.call();
      if (now >= wanted) {
        return now;
      }
      if (Instant.now().isAfter(end)) {
        throw new IOException("Only %d of %d clicks were counted".formatted(now, wanted));
      }
      TimeUnit.MILLISECONDS.sleep(500); // an answer costs milliseconds
    }
  }

  private static long read(StartedProduct product, String sink) throws Exception {
    return (long) product.metric("events_total", "outcome=\"read\"", "sink=\"%s\"".formatted(sink));
  }

  private static JsonNode counts(Product owner) throws Exception {
    var id = owner.get("/v1/me").path("ownerId").textValue();
    return owner.get("/v1/owners/%s/analytics?bucket=total&interval=24h".formatted(id));
  }

  private static void print(String phase, ProcessorTime time, long events) {
    System.out.printf(
        "%-16s %9d events, CPU seconds per million: %s%n", phase, events, time.perMillion(events));
  }
}
