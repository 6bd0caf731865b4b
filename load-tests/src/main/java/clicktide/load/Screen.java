package clicktide.load;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The delay from the response of a redirect to the increment of a live socket (G14), over 30 s of
 * 1,000 redirects per second: {@code Screen DATA_DIR [linkPort apiPort]}.
 */
public final class Screen {
  private static final int LINKS = 50;
  private static final int A_SECOND = 1_000;
  private static final int SECONDS = 30;

  private Screen() {}

  public static void main(String[] arguments) throws Exception {
    var key = Files.readString(Path.of(arguments[0], "owner.key")).strip();
    var linkPort = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 8080;
    var apiPort = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 8081;
    new Screen().run(new Product(linkPort, apiPort, key));
    System.exit(0); // the live socket is open
  }

  private void run(Product product) throws Exception {
    var owner = product.get("/v1/me").path("ownerId").textValue();
    List<String> codes = new ArrayList<>();
    for (var i = 0; i < LINKS; i++) {
      var link = Map.of("destination", "https://example.com/" + i);
      codes.add(product.post("/v1/links", link).path("code").textValue());
    }
    TimeUnit.SECONDS.sleep(2); // every node has the links then (A5)
    var shown = new ShownClicks(codes);
    product.watch(LiveWatcher.ofOwner(owner, shown::shown));
    var arrivals = Arrivals.steady(A_SECOND, SECONDS, 1);
    var load = OpenLoop.of(product, codes, arrivals, link -> shown.redirected(codes.get(link)));
    load.start().await();
    Convergence.await("on the live socket", Instant.now(), shown::isComplete);
    var took = shown.timeline.total();
    System.out.printf(
        "click to screen of %d of %d clicks: %s%n",
        took.getTotalCount(), load.redirects(), Timeline.summary(took));
  }
}
