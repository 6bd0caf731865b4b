package clicktide.load;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongFunction;
import java.util.stream.IntStream;

/**
 * Latencies of typical queries on the history of {@code years.sql}: {@code Years DATA_DIR TIMES
 * [linkPort apiPort [clicksPerSecond]]}. No range is queried twice, so no cache answers. With
 * {@code clicksPerSecond} all queries run a second time under that load.
 */
public final class Years {
  private static final int WARM_UP = 20;

  private final Product product;
  private final String owner;
  private long asked = Instant.now().getEpochSecond() * 4_001; // differs from earlier runs

  private Years(Product product) throws Exception {
    this.product = product;
    owner = product.get("/v1/me").path("ownerId").textValue();
  }

  public static void main(String[] arguments) throws Exception {
    var key = Files.readString(Path.of(arguments[0], "owner.key")).strip();
    var linkPort = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 8080;
    var apiPort = arguments.length > 3 ? Integer.parseInt(arguments[3]) : 8081;
    var times = Integer.parseInt(arguments[1]);
    var years = new Years(new Product(linkPort, apiPort, key));
    var clicks = arguments.length > 4 ? Integer.parseInt(arguments[4]) : 0;
    System.out.printf("%-62s %8s %8s %8s%n", "milliseconds over HTTP", "p50", "p99", "max");
    for (var query : years.queries().entrySet()) {
      years.ask(query.getKey(), query.getValue(), times);
    }
    if (clicks > 0) {
      years.askUnderLoad(clicks, times);
    }
  }

  private void askUnderLoad(int clicks, int times) throws Exception {
    var codes = IntStream.rangeClosed(2, 5_051).mapToObj(n -> "y" + n).toList();
    try (var load = OpenLoop.of(product, codes, Arrivals.endless(clicks), _ -> {}).start()) {
      TimeUnit.SECONDS.sleep(20);
      var began = System.nanoTime();
      var before = load.redirects();
      for (var query : queries().entrySet()) {
        ask(query.getKey(), query.getValue(), times);
      }
      System.out.printf(
          "meanwhile %.0f redirects per second%n",
          (load.redirects() - before) / ((System.nanoTime() - began) / 1e9));
    }
  }

  /**
   * The queries by name. The number makes each path different. It moves a year and extends it by up
   * to nine days. It moves the future end of 30 days by minutes and changes the limit. It changes
   * the filter values of 90 days.
   */
  private Map<String, LongFunction<String>> queries() {
    var today = Instant.now().truncatedTo(ChronoUnit.DAYS);
    var queries = new LinkedHashMap<String, LongFunction<String>>();
    for (var link : new String[] {"y1", "y2", "y100"}) {
      for (var zone : new String[] {"UTC", "Asia/Kolkata"}) {
        queries.put(
            "link %s by day over a year, %s".formatted(link, zone),
            n -> {
              var to = today.minus(1 + n % 350, ChronoUnit.DAYS);
              return "/v1/links/%s/analytics?bucket=day&tz=%s&from=%s&to=%s"
                  .formatted(link, zone, to.minus(365 + n / 350 % 10, ChronoUnit.DAYS), to);
            });
      }
    }
    queries.put(
        "the owner's top 100 over 30 days",
        n ->
            "/v1/owners/%s/analytics/top-links?limit=%d&from=%s&to=%s"
                .formatted(
                    owner,
                    100 + n / 1_440 % 10,
                    today.minus(30, ChronoUnit.DAYS),
                    today.plus(1_440 + n % 1_440, ChronoUnit.MINUTES)));
    queries.put(
        "link y1, browsers of one country and device by day over 90 days",
        n ->
            "/v1/links/y1/analytics?bucket=day&dimensions=browser&country=C%d&device=device%d&os=-os%d&from=%s&to=%s"
                .formatted(
                    2 + n % 100,
                    2 + n % 3,
                    2 + n / 300 % 9,
                    today.minus(90, ChronoUnit.DAYS),
                    today));
    return queries;
  }

  private void ask(String name, LongFunction<String> query, int times) throws Exception {
    var took = new double[times];
    for (var n = -WARM_UP; n < times; n++) {
      var path = query.apply(asked++);
      var began = System.nanoTime();
      product.get(path);
      if (n >= 0) {
        took[n] = (System.nanoTime() - began) / 1e6;
      }
    }
    Arrays.sort(took);
    System.out.printf(
        "%-62s %8.1f %8.1f %8.1f%n",
        name, took[times / 2], took[(int) (times * 0.99)], took[times - 1]);
  }
}
