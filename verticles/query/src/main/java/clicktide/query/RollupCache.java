package clicktide.query;

import clicktide.count.HumanBotCount;
import clicktide.count.Visitors;
import clicktide.event.OwnerId;
import clicktide.store.Await;
import clicktide.store.Rollups;
import clicktide.store.Rollups.CountKey;
import clicktide.store.Rollups.RollupQuery;
import clicktide.time.TimeSource;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A cache of results of the rollups. A result is used until one of the days of its query is written
 * again (E8). The memory of the cache is divided into shares. Each owner has one of them, so no
 * owner can evict the results of all others (G18). For threads that may wait.
 */
final class RollupCache {
  static final long MAX_BYTES_PER_SHARE = 16_000_000;
  static final int SHARES = 8;
  private static final Duration UNUSED = Duration.ofMinutes(10);

  private final Rollups rollups;
  private final VisitorReader visitors;
  private final List<Cache<CacheKey, QueryResult>> shares;

  RollupCache(Rollups rollups, TimeSource time) {
    this.rollups = rollups;
    this.visitors = new VisitorReader(rollups);
    this.shares = Stream.generate(() -> share(time)).limit(SHARES).toList();
  }

  private static Cache<CacheKey, QueryResult> share(TimeSource time) {
    return Caffeine.newBuilder()
        .maximumWeight(MAX_BYTES_PER_SHARE)
        .<CacheKey, QueryResult>weigher((key, result) -> weight(key, result))
        .expireAfterAccess(UNUSED)
        .ticker(time::nanos)
        .executor(Runnable::run)
        .build();
  }

  /**
   * The key of a result. The query has the first and the last bound only: the bounds between them
   * follow from bucket and zone, and up to 1,500 of them would use more memory than the result.
   */
  private record CacheKey(
      RollupQuery query, Bucket bucket, ZoneId zone, Set<Metric> metrics, String version) {
    private static final int OBJECT_BYTES = 500;
    private static final int LINK_BYTES = 24;

    private static CacheKey of(AnalyticsRequest request, String version) {
      var ends = List.of(request.from(), request.to());
      return new CacheKey(
          request.query().withBounds(ends),
          request.bucket(),
          request.zone(),
          request.metrics(),
          version);
    }

    private long bytes() {
      var values = query.filters().stream().flatMap(filter -> filter.values().stream());
      return OBJECT_BYTES
          + values.mapToLong(QueryResult::bytes).sum()
          + query.links().map(List::size).orElse(0) * (long) LINK_BYTES;
    }
  }

  private static int weight(CacheKey key, QueryResult result) {
    return (int) Math.min(Integer.MAX_VALUE, key.bytes() + result.bytes());
  }

  private Cache<CacheKey, QueryResult> share(OwnerId owner) {
    return shares.get(Math.floorMod(owner.hashCode(), SHARES));
  }

  /** Returns an estimate of the bytes of the results that are kept for an owner's share. */
  long bytes(OwnerId owner) {
    return share(owner).policy().eviction().orElseThrow().weightedSize().orElseThrow();
  }

  /** {@code version} was read before, with {@link Rollups#written}. */
  QueryResult of(AnalyticsRequest request, String version) {
    var key = CacheKey.of(request, version);
    var share = share(request.query().target().owner());
    var known = share.getIfPresent(key);
    if (known != null) {
      return known;
    }
    var result = read(request.query(), request.metrics());
    share.put(key, result);
    return result;
  }

  private QueryResult read(RollupQuery query, Set<Metric> metrics) {
    var clicks = clicks(query); // refuses too many rows before any visitor is read
    var scans =
        metrics.contains(Metric.SCANS)
            ? clicks(AnalyticsRequest.scans(query))
            : Map.<CountKey, HumanBotCount>of();
    var visitors =
        metrics.contains(Metric.UNIQUE_VISITORS)
            ? this.visitors.read(query)
            : Map.<CountKey, Visitors>of();
    return new QueryResult(clicks, visitors, scans);
  }

  private Map<CountKey, HumanBotCount> clicks(RollupQuery query) {
    return Await.on(rollups.clicks(query)).orElseThrow(VisitorReader::tooManyRows);
  }
}
