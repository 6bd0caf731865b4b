package clicktide.query;

import clicktide.count.HumanBotCount;
import clicktide.count.Visitors;
import clicktide.http.Problem;
import clicktide.store.Await;
import clicktide.store.Rollups;
import clicktide.store.Rollups.CountKey;
import clicktide.store.Rollups.RollupQuery;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * A cache of results of the rollups. A result is used until one of the days of its query is written
 * again (E8). For threads that may wait.
 */
final class RollupCache {
  private static final long MAX_ROWS = 1_000_000; // about 100 MB
  private static final int ROWS_PER_SKETCH = 100;

  private final Rollups rollups;
  private final Cache<CacheKey, QueryResult> results =
      Caffeine.newBuilder()
          .maximumWeight(MAX_ROWS)
          .<CacheKey, QueryResult>weigher((_, result) -> weight(result))
          .executor(Runnable::run)
          .build();

  RollupCache(Rollups rollups) {
    this.rollups = rollups;
  }

  private record CacheKey(RollupQuery query, Set<Metric> metrics, long version) {}

  private static int weight(QueryResult result) {
    return 1
        + result.clicks().size()
        + result.scans().size()
        + result.visitors().size() * ROWS_PER_SKETCH;
  }

  /** {@code version} was read before, with {@link Rollups#written}. */
  QueryResult of(RollupQuery query, Set<Metric> metrics, long version) {
    var key = new CacheKey(query, metrics, version);
    var known = results.getIfPresent(key);
    if (known != null) {
      return known;
    }
    var result = read(query, metrics);
    results.put(key, result);
    return result;
  }

  private QueryResult read(RollupQuery query, Set<Metric> metrics) {
    var visitors = new HashMap<CountKey, Visitors>();
    if (metrics.contains(Metric.UNIQUE_VISITORS)) {
      Await.on(
          rollups.visitors(
              query,
              (key, visitor) -> visitors.computeIfAbsent(key, _ -> new Visitors()).add(visitor)));
    }
    var scans =
        metrics.contains(Metric.SCANS)
            ? clicks(AnalyticsRequest.scans(query))
            : Map.<CountKey, HumanBotCount>of();
    return new QueryResult(clicks(query), visitors, scans);
  }

  private Map<CountKey, HumanBotCount> clicks(RollupQuery query) {
    return Await.on(rollups.clicks(query))
        .orElseThrow(
            () ->
                Problem.refused(
                        "too_many_rows",
                        "The result cannot have more than 100,000 rows. Use fewer `dimensions`, a wider `bucket` or a shorter range.")
                    .raised());
  }
}
