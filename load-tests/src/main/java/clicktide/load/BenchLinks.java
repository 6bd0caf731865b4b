package clicktide.load;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Links of the first owner for a benchmark. */
final class BenchLinks {
  private static final int IMPORTED = 1_000; // at once
  private static final Duration DEADLINE = Duration.ofMinutes(15);

  private BenchLinks() {}

  /**
   * Imports links with the codes of {@link Traffic}, and waits until the link port knows them. The
   * last link has one redirect then.
   */
  static void create(StartedProduct product, int links) throws Exception {
    var owner = product.owner();
    for (var from = 0; from < links; from += IMPORTED) {
      var rows = new ArrayList<Map<String, String>>();
      for (var link = from; link < Math.min(links, from + IMPORTED); link++) {
        rows.add(Map.of("code", Traffic.code(link), "destination", destination(link)));
      }
      owner.post("/v1/imports/links", Map.of("links", rows));
    }
    var end = Instant.now().plus(DEADLINE);
    while (!isKnown(owner, Traffic.code(links - 1))) {
      if (Instant.now().isAfter(end)) {
        throw new IOException("The links are not known");
      }
      TimeUnit.MILLISECONDS.sleep(200);
    }
  }

  static String destination(int link) {
    return "https://example.com/" + link;
  }

  private static boolean isKnown(Product owner, String code) throws IOException {
    try (var connection = owner.links()) {
      return connection.follow(code) == 302;
    }
  }
}
