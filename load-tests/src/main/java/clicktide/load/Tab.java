package clicktide.load;

import com.google.gson.JsonObject;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.CDPSession;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * The dashboard in the installed Chromium: page weight, first paint, the delay of 200 clicks to the
 * page (G14), and the memory during 1,000 clicks per second: {@code Tab DATA_DIR [minutes [linkPort
 * apiPort]]}.
 */
public final class Tab {
  private static final int CLICKS = 200;
  private static final int LINKS = 50;
  private static final int A_SECOND = 1_000;

  private final Product product;
  private final Chromium chromium;

  private Tab(Product product, Chromium chromium) {
    this.product = product;
    this.chromium = chromium;
  }

  public static void main(String[] arguments) throws Exception {
    var key = Files.readString(Path.of(arguments[0], "owner.key")).strip();
    var minutes = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 0;
    var linkPort = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 8080;
    var apiPort = arguments.length > 3 ? Integer.parseInt(arguments[3]) : 8081;
    try (var chromium = new Chromium(apiPort, key)) {
      var tab = new Tab(new Product(linkPort, apiPort, key), chromium);
      tab.load();
      tab.clicks();
      tab.hold(minutes);
    }
  }

  /** Loads the page five times in a browser without cache. */
  private void load() {
    for (var i = 0; i < 5; i++) {
      var page = chromium.open(new Browser.NewContextOptions());
      System.out.printf(
          "load: first paint %s ms, %s bytes in %s files%n",
          page.evaluate(
              "Math.round(performance.getEntriesByName('first-contentful-paint')[0].startTime)"),
          page.evaluate(
              "[...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]"
                  + ".reduce((sum, entry) => sum + entry.transferSize, 0)"),
          page.evaluate("1 + performance.getEntriesByType('resource').length"));
      page.context().close();
    }
  }

  private String link() throws Exception {
    return product
        .post("/v1/links", Map.of("destination", "https://example.com/"))
        .path("code")
        .textValue();
  }

  /** Measures from before a request is sent until the page shows the count. */
  private void clicks() throws Exception {
    var code = link();
    var page = chromium.signIn(new Browser.NewContextOptions(), "links/" + code);
    var took = new double[CLICKS];
    try (var links = product.links()) {
      page.locator(".now strong >> text='0'").first().waitFor();
      for (var i = 0; i < CLICKS; i++) {
        TimeUnit.MILLISECONDS.sleep(ThreadLocalRandom.current().nextInt(300));
        var before = System.nanoTime();
        links.follow(code);
        page.locator(".now > div:first-child strong >> text='%d'".formatted(i + 1)).waitFor();
        took[i] = (System.nanoTime() - before) / 1e6;
      }
    }
    page.context().close();
    Arrays.sort(took);
    System.out.printf(
        "click to screen of %d clicks: p50 %.0f ms, p99 %.0f ms, max %.0f ms%n",
        CLICKS, took[CLICKS / 2], took[(int) (CLICKS * 0.99)], took[CLICKS - 1]);
  }

  /** Prints the memory of the live page after each minute. */
  private void hold(int minutes) throws Exception {
    List<String> codes = new ArrayList<>();
    for (var i = 0; i < LINKS; i++) {
      codes.add(link());
    }
    TimeUnit.SECONDS.sleep(2); // every node has the links then (A5)
    var page = chromium.signIn(new Browser.NewContextOptions(), "live");
    var inspector = page.context().newCDPSession(page);
    inspector.send("Performance.enable");
    try (var load = OpenLoop.of(product, codes, Arrivals.endless(A_SECOND), _ -> {}).start()) {
      for (var minute = 0; minute <= minutes; minute++) {
        inspector.send("HeapProfiler.collectGarbage");
        System.out.printf(
            "after %d min, %d clicks sent, %s shown: heap %.1f MB, %.0f nodes, %.0f listeners%n",
            minute,
            load.redirects(),
            page.locator(".now strong").first().textContent(),
            metric(inspector, "JSHeapUsedSize") / 1e6,
            metric(inspector, "Nodes"),
            metric(inspector, "JSEventListeners"));
        if (minute < minutes) {
          TimeUnit.MINUTES.sleep(1);
        }
      }
    }
  }

  private static double metric(CDPSession inspector, String name) {
    var metrics = inspector.send("Performance.getMetrics").getAsJsonArray("metrics");
    for (var metric : metrics) {
      JsonObject one = metric.getAsJsonObject();
      if (one.get("name").getAsString().equals(name)) {
        return one.get("value").getAsDouble();
      }
    }
    throw new IllegalStateException(name);
  }
}
