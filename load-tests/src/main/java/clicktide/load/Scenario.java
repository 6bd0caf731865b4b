package clicktide.load;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A load of an open model against the whole product: {@code Scenario NAME [perSecond [seconds
 * [folder]]]}. It starts the product with embedded servers. After a warm-up of ten seconds, it
 * measures latencies, freshness and processor time. Last, it compares the counts of each link with
 * the answers. It exits with code 1 if a count differs.
 */
public final class Scenario {
  private static final int LINKS = 1_000;
  private static final int PROBE = LINKS; // the number of a link for the probe alone
  private static final int WARM_UP = 10;
  private static final List<Integer> SAMPLE = List.of(0, 1, 2, 3, 10, 100, 999, PROBE);
  private static final double REPEATED = 0.3;
  private static final int OLDEST = 590; // seconds
  private static final Duration VERDICTS = Duration.ofSeconds(100); // a minute, and 30 s (0010)
  private static final Map<String, String> SETTINGS =
      Map.of(
          "CLICKTIDE_CALLS_A_MINUTE", "0",
          "CLICKTIDE_EVENTS_A_MINUTE", "0",
          "CLICKTIDE_TRUSTED_PROXIES", "127.0.0.0/8");

  private final ScenarioKind kind;
  private final int perSecond;
  private final int seconds;
  private final HtmlReport report;
  private final List<LinkRequest> requests;
  private final ClickOracle oracle = new ClickOracle(LINKS + 1);

  private Scenario(ScenarioKind kind, int perSecond, int seconds) {
    this.kind = kind;
    this.perSecond = perSecond;
    this.seconds = seconds;
    report = new HtmlReport("%s, %,d/s for %d s".formatted(name(kind), perSecond, seconds));
    requests = kind.requests(LINKS);
  }

  public static void main(String[] arguments) throws Exception {
    var kind = ScenarioKind.valueOf(arguments[0].toUpperCase(Locale.ROOT));
    var perSecond = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 2_000;
    var seconds = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 30;
    var folder = arguments.length > 3 ? arguments[3] : "load-tests/target/reports";
    var scenario = new Scenario(kind, perSecond, seconds);
    var isExact = scenario.run();
    scenario.report.write(Path.of(folder, name(kind) + ".html"));
    System.out.println(isExact ? "EXACT" : "NOT EXACT");
    System.exit(isExact ? 0 : 1); // live sockets are open
  }

  private static String name(ScenarioKind kind) {
    return kind.name().toLowerCase(Locale.ROOT);
  }

  private boolean run() throws Exception {
    try (var product = new StartedProduct(SETTINGS)) {
      BenchLinks.create(product, LINKS + 1);
      oracle.add(PROBE, false); // the redirect of BenchLinks
      var check = new CountCheck(product.owner(), oracle);
      load(product, Arrivals.steady(perSecond, WARM_UP, 0)).start().await();
      check.await();
      measure(product, check);
      return compare(check);
    }
  }

  private OpenLoop load(StartedProduct product, Arrivals arrivals) {
    return new OpenLoop(product.linkPort, arrivals, requests, oracle::redirected);
  }

  private void measure(StartedProduct product, CountCheck check) throws Exception {
    var arrivals = new Arrivals(second -> kind.perSecond(perSecond, second), seconds, 1);
    var load = load(product, arrivals);
    var own = List.of(ProcessHandle.current());
    var before = ProcessorTime.of(product.processes());
    var ownBefore = ProcessorTime.of(own);
    var clicks = oracle.sum();
    var sideLoads = sideLoads(product);
    var start = System.nanoTime();
    load.start().await();
    var took = (System.nanoTime() - start) / 1e9;
    var ownTime = ProcessorTime.of(own).since(ownBefore).sum();
    for (var sideLoad : sideLoads) {
      sideLoad.end();
    }
    check.await();
    var counted = (System.nanoTime() - start) / 1e9 - took;
    var time = ProcessorTime.of(product.processes()).since(before);

    describe(load, took);
    sideLoads.forEach(sideLoad -> sideLoad.describe(report));
    report.row("counted after", "%.1f s".formatted(counted));
    report.row("CPU s per million", time.perMillion(oracle.sum() - clicks));
    report.row("load test itself", "%.2f cores".formatted(ownTime / took));
  }

  private List<SideLoad> sideLoads(StartedProduct product) throws Exception {
    var loads = new ArrayList<SideLoad>();
    loads.add(new FreshnessProbe(product, PROBE, oracle));
    switch (kind) {
      case STEADY, SPIKY, VIRAL, BOTS -> {}
      case DUPLICATES ->
          loads.add(new CollectorLoad(product.owner(), oracle, perSecond / 4, REPEATED, 0));
      case LATE -> loads.add(new CollectorLoad(product.owner(), oracle, perSecond / 4, 0, OLDEST));
      case DASHBOARDS -> loads.add(new DashboardLoad(product.owner(), LINKS));
    }
    return loads;
  }

  private void describe(OpenLoop load, double took) {
    var latencies = load.latencies.total();
    report.row(
        "redirects", "%,.0f/s, answers %s".formatted(load.redirects() / took, load.seen.summary()));
    report.row("latency", Timeline.summary(latencies));
    report.row("delay of the sender", Timeline.summary(load.delays));
    report.plot(HtmlReport.byPercentile(Map.of("redirects", latencies)));
    report.plot(
        SvgPlot.overTime("Latency over time", SvgPlot.Axis.logarithmic("ms"))
            .perSecond("p50", load.latencies.percentile(50))
            .perSecond("p99", load.latencies.percentile(99))
            .perSecond("max", load.latencies.percentile(100)));
    report.plot(
        SvgPlot.overTime("Arrivals and answers", SvgPlot.Axis.linear("per second"))
            .perSecond("arrivals", load.latencies.counts())
            .perSecond("answers", load.answers.counts()));
  }

  private boolean compare(CountCheck check) throws Exception {
    if (kind == ScenarioKind.BOTS) {
      TimeUnit.SECONDS.sleep(VERDICTS.toSeconds());
    }
    var answer = check.ofOwner("");
    var clicks = answer.path("totals").path("clicks");
    var shed = CountCheck.shed(answer);
    var byRate = Product.total(check.ofOwner("&bot=rate"));
    var difference = check.differences();
    var bucketDifference = check.differences(SAMPLE);
    var botDifference = clicks.path("bot").longValue() - byRate - oracle.bots();
    report.row(
        "clicks",
        "%,d expected, %,d counted, %,d shed"
            .formatted(oracle.sum(), clicks.path("total").longValue(), shed));
    report.row("difference", "%,d in all links".formatted(difference));
    report.row(
        "by minute, hour, day", "%,d in %d links".formatted(bucketDifference, SAMPLE.size()));
    report.row(
        "bots",
        "%,d by user agent, %,d expected; %,d by their rate"
            .formatted(clicks.path("bot").longValue() - byRate, oracle.bots(), byRate));
    var isSplit = shed > 0 || botDifference == 0; // the class of a shed click is unknown
    return difference == 0 && bucketDifference == 0 && isSplit && byRate > 0 == isFlooded();
  }

  private boolean isFlooded() {
    return kind == ScenarioKind.BOTS;
  }
}
