package clicktide.load;

import clicktide.load.Traffic.Shape;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;

/**
 * Latencies of redirects under an open model, of the product and of nginx at the same rate, in
 * turns: first with running stores, then with all stores stopped. Prints p50, p99 and p99.9.
 */
record RedirectLatencies(StartedProduct product, Nginx nginx, int links) {
  private static final int TURNS = 3;
  private static final int TURN_SECONDS = 10;
  private static final int WARM_UP_SECONDS = 3;
  private static final int PREPARED = 65_536;
  private static final Path REPORT = Path.of("load-tests/target/reports/redirects.html");

  void run(int perSecond) throws Exception {
    var traffic = new Traffic(links, Shape.ZIPF, 7);
    var requests = Stream.generate(traffic::next).limit(PREPARED).toList();
    var report = new HtmlReport("Redirects beside nginx, open model at %,d/s".formatted(perSecond));
    var histograms = new LinkedHashMap<String, Histogram>();
    follow(product.linkPort, requests, Arrivals.steady(perSecond, WARM_UP_SECONDS, 0), "warm-up");
    follow(nginx.port, requests, Arrivals.steady(perSecond, WARM_UP_SECONDS, 0), "warm-up");

    turns("running stores", perSecond, requests, histograms);
    var stores = product.processes().stream().skip(1).toList(); // the first is the application
    signal("-STOP", stores);
    try {
      turns("stopped stores", perSecond, requests, histograms);
    } finally {
      signal("-CONT", stores);
    }

    histograms.forEach((name, histogram) -> report.row(name, Timeline.summary(histogram)));
    report.row(
        "product/nginx",
        ratio(histograms.get("product, running stores"), histograms.get("nginx, running stores")));
    report.row("stopped", stores.size() + " processes");
    for (var server : List.of("product", "nginx")) {
      report.row(
          server + ", stopped/running",
          ratio(
              histograms.get(server + ", stopped stores"),
              histograms.get(server + ", running stores")));
    }
    report.plot(HtmlReport.byPercentile(histograms));
    report.write(REPORT);
  }

  private void turns(
      String stores, int perSecond, List<LinkRequest> requests, Map<String, Histogram> histograms)
      throws InterruptedException {
    for (var turn = 1; turn <= TURNS; turn++) {
      for (var server : Map.of("product", product.linkPort, "nginx", nginx.port).entrySet()) {
        var name = server.getKey() + ", " + stores;
        var arrivals = Arrivals.steady(perSecond, TURN_SECONDS, turn);
        histograms
            .computeIfAbsent(name, _ -> new Histogram(3))
            .add(follow(server.getValue(), requests, arrivals, name));
      }
    }
  }

  private static Histogram follow(
      int port, List<LinkRequest> requests, Arrivals arrivals, String name)
      throws InterruptedException {
    var load = new OpenLoop(port, arrivals, requests, _ -> {}).start().await();
    System.out.printf(
        "  %-24s answers %s; delay of the sender p99 %.2f ms%n",
        name, load.seen.summary(), Timeline.millis(load.delays, 99));
    return load.latencies.total();
  }

  private static String ratio(Histogram one, Histogram other) {
    return "p50 %.2f, p99 %.2f, p99.9 %.2f"
        .formatted(ratio(one, other, 50), ratio(one, other, 99), ratio(one, other, 99.9));
  }

  private static double ratio(Histogram one, Histogram other, double percentile) {
    return Timeline.millis(one, percentile) / Timeline.millis(other, percentile);
  }

  /** Sends a signal to processes by their ids. */
  private static void signal(String signal, List<ProcessHandle> processes)
      throws IOException, InterruptedException {
    var ids = processes.stream().map(process -> Long.toString(process.pid()));
    var command = Stream.concat(Stream.of("kill", signal), ids).toList();
    new ProcessBuilder(command).inheritIO().start().waitFor();
  }
}
