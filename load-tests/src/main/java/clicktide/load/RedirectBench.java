package clicktide.load;

import clicktide.load.Traffic.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * Processor time and latency of a redirect beside nginx: {@code RedirectBench [links [requests]]}.
 * It starts the product with capture, journal and forwarding to Kafka, and nginx with a map of the
 * same links. After a warm-up, both get the same requests in turns, five times. It prints the
 * processor time per request, and the ratio. Connections do not pipeline, as those of browsers.
 * Then it compares latencies at half of the product's saturation, also with all stores stopped.
 */
public final class RedirectBench {
  private static final int CONNECTIONS = 16;
  private static final int ROUNDS = 5;
  private static final int WARM_UP = 300_000;
  private static final String[] ROLES = {"redirect", "ingest", "management"};

  private final int links;
  private final int requests;

  private RedirectBench(int links, int requests) {
    this.links = links;
    this.requests = requests;
  }

  public static void main(String[] arguments) throws Exception {
    var links = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 20_000;
    var requests = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 200_000;
    new RedirectBench(links, requests).run();
  }

  private interface Processes {
    List<ProcessHandle> now();
  }

  private void run() throws Exception {
    try (var product = StartedProduct.withoutQuotas(ROLES);
        var nginx = new Nginx(links)) {
      BenchLinks.create(product, links);
      var ours = new ClosedLoop(product.linkPort, CONNECTIONS, 1);
      var theirs = new ClosedLoop(nginx.port, CONNECTIONS, 1);
      System.out.printf("the first %d requests%n", requests);
      var _ = measure("application", ours, product::processes, 0);
      var _ = measure("nginx", theirs, nginx::processes, 0);
      ours.run(WARM_UP, connection -> traffic(connection, 1));
      theirs.run(WARM_UP, connection -> traffic(connection, 1));

      System.out.println("warm");
      var application = new Round[ROUNDS];
      var compared = new Round[ROUNDS];
      for (var round = 0; round < ROUNDS; round++) {
        application[round] = measure("application", ours, product::processes, 2 + round);
        compared[round] = measure("nginx", theirs, nginx::processes, 2 + round);
      }
      var micros = median(application, Round::micros);
      var nginxMicros = median(compared, Round::micros);
      System.out.printf(
          "medians: %.1f us and %.1f us, ratio %.2f%n", micros, nginxMicros, micros / nginxMicros);
      var saturation = median(application, Round::perSecond);
      new RedirectLatencies(product, nginx, links).run((int) (saturation / 2));
    }
  }

  /** The processor time of one program per request, and the redirects per second. */
  private record Round(double micros, double perSecond) {}

  private Traffic traffic(int connection, int round) {
    return new Traffic(links, Shape.ZIPF, 1_000L * round + connection);
  }

  private Round measure(String program, ClosedLoop loop, Processes processes, int round)
      throws Exception {
    var before = ProcessorTime.of(processes.now());
    var start = System.nanoTime();
    var redirects = loop.run(requests, connection -> traffic(connection, round));
    var seconds = (System.nanoTime() - start) / 1e9;
    var time = ProcessorTime.of(processes.now()).since(before);
    var micros = time.seconds().getOrDefault(program, 0.0) * 1e6 / requests;
    System.out.printf(
        "  %-12s %6.1f us of the processor per request, %6.1f with its servers, %6.0f redirects/s%n",
        program, micros, time.sum() * 1e6 / requests, redirects / seconds);
    return new Round(micros, redirects / seconds);
  }

  private static double median(Round[] rounds, ToDoubleFunction<Round> figure) {
    var sorted = Arrays.stream(rounds).mapToDouble(figure).sorted().toArray();
    return sorted[sorted.length / 2];
  }
}
