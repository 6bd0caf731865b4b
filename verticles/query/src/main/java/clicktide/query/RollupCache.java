package clicktide.query;

import clicktide.count.HumanBotCount;
import clicktide.count.Visitors;
import clicktide.http.Problem;
import clicktide.store.Await;
import clicktide.store.Rollups;
import clicktide.store.Rollups.CountKey;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What rollups have counted, remembered for as long as nothing is written to the days that a
 * question touches (E8). For any thread that may wait.
 */
final class RollupCache {
  private static final long MOST_ROWS = 1_000_000; // some 100 MB
  private static final int ROWS_A_SKETCH = 100;

  private final Rollups rollups;
  private final Cache<Asked, QueryResult> remembered =
      Caffeine.newBuilder()
          .maximumWeight(MOST_ROWS)
          .<Asked, QueryResult>weigher((_, counted) -> weight(counted))
          .executor(Runnable::run)
          .build();

  RollupCache(Rollups rollups) {
    this.rollups = rollups;
  }

  private record Asked(Rollups.RollupQuery question, Set<Metric> metrics, long version) {}

  private static int weight(QueryResult counted) {
    return 1
        + counted.clicks().size()
        + counted.scans().size()
        + counted.visitors().size() * ROWS_A_SKETCH;
  }

  /** {@code version} is what {@link Rollups#written} said before. */
  QueryResult of(AnalyticsRequest question, List<Instant> bounds, long version) {
    var asked = new Asked(question.toRollups(bounds), question.metrics(), version);
    var known = remembered.getIfPresent(asked);
    if (known != null) {
      return known;
    }
    var counted = read(question, asked.question);
    remembered.put(asked, counted);
    return counted;
  }

  private QueryResult read(AnalyticsRequest question, Rollups.RollupQuery asked) {
    var visitors = new HashMap<CountKey, Visitors>();
    if (question.wants(Metric.UNIQUE_VISITORS)) {
      Await.on(
          rollups.visitors(
              asked,
              (key, visitor) -> visitors.computeIfAbsent(key, _ -> new Visitors()).add(visitor)));
    }
    var scans =
        question.wants(Metric.SCANS)
            ? clicks(question.toScans(asked.bounds()))
            : Map.<CountKey, HumanBotCount>of();
    return new QueryResult(clicks(asked), visitors, scans);
  }

  private Map<CountKey, HumanBotCount> clicks(Rollups.RollupQuery query) {
    return Await.on(rollups.clicks(query))
        .orElseThrow(
            () ->
                Problem.refused(
                        "too_many_rows",
                        "That has too many combinations; ask for fewer dimensions, buckets or days.")
                    .raised());
  }
}
