package clicktide.load;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The comparison of the counts in the API with an oracle. Shed clicks are no difference. */
final class CountCheck {
  private static final Duration PATIENCE = Duration.ofSeconds(90); // without progress
  private static final Map<String, String> BUCKETS =
      Map.of("minute", "1h", "hour", "24h", "day", "24h");

  private final Product product;
  private final ClickOracle oracle;
  private final String owner;

  CountCheck(Product product, ClickOracle oracle) throws Exception {
    this.product = product;
    this.oracle = oracle;
    owner = product.get("/v1/me").path("ownerId").textValue();
  }

  /** Waits until the sum of all links is that of the oracle, or does not grow any more. */
  void await() throws Exception {
    var last = -1L;
    var progress = System.nanoTime();
    while (System.nanoTime() - progress < PATIENCE.toNanos()) {
      var now = accounted(ofOwner(""));
      if (now >= oracle.sum()) {
        return;
      }
      progress = now > last ? System.nanoTime() : progress;
      last = now;
      TimeUnit.MILLISECONDS.sleep(500);
    }
  }

  /** The clicks of all links with this filter, such as {@code &bot=rate}. */
  JsonNode ofOwner(String filter) throws Exception {
    return product.get(
        "/v1/owners/%s/analytics?bucket=total&interval=24h%s".formatted(owner, filter));
  }

  /** Returns the sum of the differences of all links, and prints the first ones. */
  long differences() throws Exception {
    var sum = 0L;
    for (var link = 0; link < oracle.links(); link++) {
      sum += difference(link, "total", "24h");
    }
    return sum;
  }

  /** Returns the sum of the differences by minute, hour and day of these links. */
  long differences(List<Integer> links) throws Exception {
    var sum = 0L;
    for (var link : links) {
      for (var bucket : BUCKETS.entrySet()) {
        sum += difference(link, bucket.getKey(), bucket.getValue());
      }
    }
    return sum;
  }

  private long difference(int link, String bucket, String interval) throws Exception {
    var answer =
        product.get(
            "/v1/links/%s/analytics?bucket=%s&interval=%s"
                .formatted(Traffic.code(link), bucket, interval));
    var rows = bucket.equals("total") ? 0 : Product.sumOf(answer) - Product.total(answer);
    var difference = Math.abs(oracle.of(link) - accounted(answer)) + Math.abs(rows);
    if (difference > 0) {
      System.out.printf(
          "link %s by %s: %d clicks, %d counted, %d in rows, %d shed%n",
          Traffic.code(link),
          bucket,
          oracle.of(link),
          Product.total(answer),
          Product.sumOf(answer),
          shed(answer));
    }
    return difference;
  }

  private static long accounted(JsonNode answer) {
    return Product.total(answer) + shed(answer);
  }

  /** The clicks of an analytics response that the product reports as shed. */
  static long shed(JsonNode answer) {
    return answer.path("meta").path("knownLoss").longValue();
  }
}
