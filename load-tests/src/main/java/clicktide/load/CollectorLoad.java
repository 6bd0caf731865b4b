package clicktide.load;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * A collector that sends five batches per second. An answer that is not 202 makes it send the same
 * batch again, as collectors do.
 */
final class CollectorLoad implements SideLoad {
  private static final Duration INTERVAL = Duration.ofMillis(200);
  private static final int LARGEST_BATCH = 1_000;
  private static final int MEMORY = 50_000; // events that may be repeated

  private final Product product;
  private final ClickOracle oracle;
  private final int batch;
  private final double repeated;
  private final int oldest;
  private final Random random = new Random(7);
  private final Seen seen = new Seen();
  private final List<Map<String, Object>> sent = new ArrayList<>();
  private final Paced paced;
  private long number;

  /**
   * A share {@code repeated} of the events repeats an earlier one with its id. Events are up to
   * {@code oldest} seconds old, in disorder.
   */
  CollectorLoad(Product product, ClickOracle oracle, int perSecond, double repeated, int oldest) {
    this.product = product;
    this.oracle = oracle;
    batch = Math.clamp(perSecond * INTERVAL.toMillis() / 1_000, 1, LARGEST_BATCH);
    this.repeated = repeated;
    this.oldest = oldest;
    paced = new Paced(INTERVAL, _ -> send());
  }

  private void send() throws Exception {
    var events = new ArrayList<Map<String, Object>>();
    for (var i = 0; i < batch; i++) {
      if (!sent.isEmpty() && random.nextDouble() < repeated) {
        events.add(sent.get(random.nextInt(sent.size())));
        seen.count("repeated");
      } else {
        events.add(event());
      }
    }
    Collections.shuffle(events, random);
    while (!isAccepted(events)) {
      TimeUnit.MILLISECONDS.sleep(INTERVAL.toMillis());
    }
    seen.count("batches");
  }

  private Map<String, Object> event() {
    var link = random.nextInt(oracle.links());
    Map<String, Object> event =
        Map.of(
            "eventId",
            "e-" + number++,
            "shortCode",
            Traffic.code(link),
            "eventTime",
            Instant.now().minusMillis(random.nextLong(1_000L * oldest + 1)).toString(),
            "userAgent",
            LinkRequest.BROWSER,
            "referrer",
            "https://www.example.com/page",
            "ip",
            "203.0.113." + random.nextInt(250));
    oracle.add(link, false);
    if (sent.size() < MEMORY) {
      sent.add(event);
    } else {
      sent.set(random.nextInt(MEMORY), event);
    }
    return event;
  }

  private boolean isAccepted(List<Map<String, Object>> events) throws Exception {
    try {
      var receipt = product.post("/internal/click-events/batch", Map.of("events", events));
      if (receipt.path("accepted").intValue() != events.size()) {
        throw new IllegalStateException(receipt.toString());
      }
      return true;
    } catch (IOException e) {
      seen.count("failed attempts");
      return false;
    }
  }

  @Override
  public void end() throws Exception {
    paced.end();
  }

  @Override
  public void describe(HtmlReport report) {
    report.row("collector", "%,d different events; %s".formatted(number, seen.summary()));
  }
}
