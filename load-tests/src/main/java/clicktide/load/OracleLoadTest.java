package clicktide.load;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Load test with an oracle: {@code OracleLoadTest redirects|collector|check DATA_DIR [linkPort
 * apiPort]}. It sends bounded traffic over loopback, keeps an oracle of the responses and compares
 * the counts. It exits with code 1 if a count differs.
 */
public final class OracleLoadTest {
  private static final int LINKS = 50;
  private static final int REDIRECTS = 10_000;
  private static final int CONNECTIONS = 16;
  private static final int EVENTS = 20_000;
  private static final int BATCH = 400;

  private final Product product;
  private final Path oracle;
  private final String owner;

  private OracleLoadTest(Path data, int linkPort, int apiPort) throws Exception {
    product = new Product(linkPort, apiPort, Files.readString(data.resolve("owner.key")).strip());
    oracle = data.resolve("oracle.json");
    owner = product.get("/v1/me").path("ownerId").textValue();
  }

  public static void main(String[] arguments) throws Exception {
    var linkPort = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 8080;
    var apiPort = arguments.length > 3 ? Integer.parseInt(arguments[3]) : 8081;
    var test = new OracleLoadTest(Path.of(arguments[1]), linkPort, apiPort);
    var isExact =
        switch (arguments[0]) {
          case "redirects" -> test.redirects();
          case "collector" -> test.collector();
          case "check" -> test.check();
          default -> throw new IllegalArgumentException(arguments[0]);
        };
    System.out.println(isExact ? "EXACT" : "NOT EXACT");
    System.exit(isExact ? 0 : 1);
  }

  /** 10,000 redirects of 50 links from 16 connections, watched on a live socket. */
  private boolean redirects() throws Exception {
    var codes = links();
    var watcher = LiveWatcher.ofOwner(owner, (_, _) -> {});
    product.watch(watcher);
    var counts = new ConcurrentHashMap<String, Integer>();
    var next = new AtomicInteger();
    var started = System.nanoTime();
    Workers.run(
        CONNECTIONS,
        () -> {
          try (var connection = product.links()) {
            for (int i; (i = next.getAndIncrement()) < REDIRECTS; ) {
              var code = codes.get(i % LINKS);
              if (connection.follow(code) == 302) {
                counts.merge(code, 1, Integer::sum);
              }
            }
          }
          return null;
        });
    var ended = Instant.now();
    System.out.printf("%d redirects in %.1f s%n", sum(counts), (System.nanoTime() - started) / 1e9);
    Files.write(oracle, Product.JSON.writeValueAsBytes(counts));
    var isCounted = Convergence.await("by minute, hour and day", ended, () -> agrees(counts));
    var isLive = Convergence.await("on the live socket", ended, () -> watched(watcher, counts));
    System.out.printf("gaps in the sequence of the live socket: %d%n", watcher.gaps());
    return isCounted && isLive && watcher.gaps() == 0;
  }

  private boolean watched(LiveWatcher watcher, Map<String, Integer> counts) {
    var clicks = watcher.clicks(List.copyOf(counts.keySet()));
    return counts.entrySet().stream()
        .allMatch(e -> clicks.get(e.getKey()).intValue() == e.getValue());
  }

  /** 20,000 events in batches of 400, of which 5 % repeat an id. */
  private boolean collector() throws Exception {
    var code = links().getFirst();
    var before = Product.total(analytics(code, "total"));
    var ids = new ArrayList<Integer>();
    for (var i = 0; i < EVENTS; i++) {
      ids.add(i % (EVENTS * 95 / 100));
    }
    Collections.shuffle(ids, new Random(1));
    var run = Long.toString(System.nanoTime(), 36);
    var accepted = 0;
    for (var from = 0; from < EVENTS; from += BATCH) {
      var events = new ArrayList<Map<String, Object>>();
      for (var id : ids.subList(from, from + BATCH)) {
        events.add(
            Map.of(
                "eventId",
                run + "-" + id,
                "shortCode",
                code,
                "eventTime",
                Instant.now().minusSeconds(id % 600).toString(),
                "userAgent",
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1",
                "referrer",
                "https://www.example.com/page",
                "ip",
                "203.0.113." + id % 250));
      }
      accepted +=
          product
              .post("/internal/click-events/batch", Map.of("events", events))
              .path("accepted")
              .intValue();
    }
    var ended = Instant.now();
    var sent = accepted;
    System.out.printf("%d events accepted%n", sent);
    var isCounted =
        Convergence.await(
            "19,000 counted, in rollups and in the hot hour",
            ended,
            () -> {
              var total = Product.total(analytics(code, "total")) - before;
              var minutes =
                  Product.total(get(code, "bucket=minute&interval=1h"))
                      - Product.total(get(code, "bucket=total&interval=1h"));
              System.out.printf(
                  "  counted %d, minutes of the hot hour minus rollups %d%n", total, minutes);
              return total == EVENTS * 95 / 100 && minutes == 0;
            });
    return isCounted && sent == EVENTS;
  }

  /** Compares the counts with the oracle of the last run, for instance after a restart. */
  private boolean check() throws Exception {
    Map<String, Integer> counts = new HashMap<>();
    Product.JSON
        .readTree(oracle.toFile())
        .properties()
        .forEach(link -> counts.put(link.getKey(), link.getValue().intValue()));
    return Convergence.await("after a restart", Instant.now(), () -> agrees(counts));
  }

  private boolean agrees(Map<String, Integer> counts) throws Exception {
    var differences = new ConcurrentSkipListMap<String, String>();
    var left = new ConcurrentLinkedQueue<>(counts.entrySet());
    Workers.run(
        4,
        () -> {
          for (Map.Entry<String, Integer> entry; (entry = left.poll()) != null; ) {
            for (var bucket : List.of("minute", "hour", "day")) {
              var answer = analytics(entry.getKey(), bucket);
              if (Product.total(answer) != entry.getValue()
                  || Product.sumOf(answer) != entry.getValue()) {
                differences.put(
                    entry.getKey() + " by " + bucket,
                    Product.sumOf(answer) + " instead of " + entry.getValue());
              }
            }
          }
          return null;
        });
    if (!differences.isEmpty()) {
      System.out.printf(
          "  %d differ, for instance %s%n", differences.size(), differences.firstEntry());
    }
    return differences.isEmpty();
  }

  private JsonNode analytics(String code, String bucket) throws Exception {
    return get(
        code, "bucket=%s&interval=%s".formatted(bucket, bucket.equals("minute") ? "1h" : "24h"));
  }

  private JsonNode get(String code, String query) throws Exception {
    return product.get("/v1/links/%s/analytics?%s".formatted(code, query));
  }

  private static int sum(Map<String, Integer> counts) {
    return counts.values().stream().mapToInt(Integer::intValue).sum();
  }

  private List<String> links() throws Exception {
    var codes = new ArrayList<String>();
    for (var i = 0; i < LINKS; i++) {
      codes.add(
          product
              .post("/v1/links", Map.of("destination", "https://example.com/" + i))
              .path("code")
              .textValue());
    }
    return codes;
  }
}
