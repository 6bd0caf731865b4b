package clicktide.load;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/**
 * The delay from the response of a redirect to the increment of a live socket (G14), over 30 s of
 * 1,000 redirects per second: {@code Screen DATA_DIR [linkPort apiPort]}. Clicks of one link are
 * assumed to arrive in the order of their responses.
 */
public final class Screen {
  private static final int LINKS = 50;
  private static final int A_SECOND = 1_000;
  private static final int SECONDS = 30;

  private final Map<String, Queue<Long>> due = new ConcurrentHashMap<>();
  private final Queue<Double> took = new ConcurrentLinkedQueue<>();

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
      due.put(codes.getLast(), new ConcurrentLinkedQueue<>());
    }
    TimeUnit.SECONDS.sleep(2); // every node has the links then (A5)
    product.watch(new LiveWatcher(owner, this::shown));
    long sent;
    try (var steady =
        new Steady(product, codes, code -> due.get(code).add(System.nanoTime())).start(A_SECOND)) {
      TimeUnit.SECONDS.sleep(SECONDS);
      sent = steady.redirects();
    }
    Convergence.await(
        "on the live socket", Instant.now(), () -> due.values().stream().allMatch(Queue::isEmpty));
    var sorted = took.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    System.out.printf(
        "click to screen of %d of %d clicks: p50 %.0f ms, p99 %.0f ms, max %.0f ms%n",
        sorted.length,
        sent,
        sorted[sorted.length / 2],
        sorted[(int) (sorted.length * 0.99)],
        sorted[sorted.length - 1]);
  }

  private void shown(String code, long clicks) {
    var answers = due.get(code);
    for (var left = clicks; answers != null && left > 0 && !answers.isEmpty(); left--) {
      took.add((System.nanoTime() - answers.poll()) / 1e6);
    }
  }
}
