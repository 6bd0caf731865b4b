package clicktide.query;

import static org.assertj.core.api.Assertions.assertThat;

import clicktide.event.OwnerId;
import clicktide.store.AnalyticsTarget;
import clicktide.store.Rollups.RollupQuery;
import clicktide.time.ManualTime;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("G18: the memory of the cache of results is bounded")
class RollupCacheTest {
  private static final Instant NOON = Instant.parse("2026-05-03T12:00:00Z");
  private static final OwnerId ADA = new OwnerId(1);
  private static final OwnerId BOB = new OwnerId(2);

  private final MemoryRollups rollups = new MemoryRollups();
  private final ManualTime time = new ManualTime(NOON);
  private final RollupCache cache = new RollupCache(rollups, time);

  private static AnalyticsRequest request(
      OwnerId owner, Instant from, Instant to, Bucket bucket, ZoneId zone) {
    var bounds = bucket.bounds(from, to, zone, 1_500);
    var query = RollupQuery.of(new AnalyticsTarget.OwnerTarget(owner), bounds);
    return new AnalyticsRequest(
        query, bucket, zone, EnumSet.of(Metric.CLICKS), false, /* limit= */ 1_000);
  }

  private static AnalyticsRequest minutes(OwnerId owner, int start, int buckets) {
    var from = NOON.plus(Duration.ofMinutes(start));
    var to = from.plus(Duration.ofMinutes(buckets));
    return request(owner, from, to, Bucket.MINUTE, ZoneOffset.UTC);
  }

  private static long heap() {
    System.gc();
    var runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }

  @Test
  @DisplayName("thousands of queries with many buckets and no clicks fill a few megabytes only")
  void keysAreSmall() {
    var before = heap();
    for (var i = 0; i < 5_000; i++) {
      cache.of(minutes(ADA, i, 1_500), "1");
    }
    assertThat(heap() - before).isLessThan(20_000_000);
    assertThat(rollups.reads).hasValue(5_000);
    cache.of(minutes(ADA, 4_999, 1_500), "1");
    assertThat(rollups.reads).hasValue(5_000);
  }

  @Test
  @DisplayName("results without clicks are bounded by the bytes of their keys")
  void keysCount() {
    for (var i = 0; i < 50_000; i++) {
      cache.of(minutes(ADA, i, 1), "1");
    }
    assertThat(cache.bytes(ADA))
        .isBetween(
            RollupCache.MAX_BYTES_PER_SHARE - 10_000, // full
            RollupCache.MAX_BYTES_PER_SHARE);
  }

  @Test
  @DisplayName("the links of a query count")
  void linksCount() {
    var all = minutes(ADA, 0, 1);
    var links = LongStream.range(0, 100_000).boxed().toList();
    cache.of(all.with(all.query().withLinks(links)), "1");
    assertThat(cache.bytes(ADA)).isGreaterThan(100_000 * Long.BYTES);
  }

  @Test
  @DisplayName("an owner does not evict the results of an owner with another share")
  void shares() {
    cache.of(minutes(BOB, 0, 1), "1");
    for (var i = 0; i < 50_000; i++) {
      cache.of(minutes(ADA, i, 1), "1");
    }
    cache.of(minutes(BOB, 0, 1), "1");
    assertThat(rollups.reads).hasValue(50_001);
  }

  @Test
  @DisplayName("a result that was not used for ten minutes is dropped")
  void unused() {
    cache.of(minutes(ADA, 0, 1), "1");
    time.advance(Duration.ofMinutes(10));
    cache.of(minutes(BOB, 0, 1), "1");
    cache.of(minutes(ADA, 0, 1), "1");
    assertThat(rollups.reads).hasValue(3);
  }

  @Test
  @DisplayName("queries of the same range with other buckets, zones or versions differ")
  void keys() {
    var to = NOON.plus(Duration.ofDays(2));
    var requests =
        List.of(
            request(ADA, NOON, to, Bucket.HOUR, ZoneOffset.UTC),
            request(ADA, NOON, to, Bucket.QUARTER, ZoneOffset.UTC),
            request(ADA, NOON, to, Bucket.HOUR, ZoneId.of("Europe/Berlin")),
            request(BOB, NOON, to, Bucket.HOUR, ZoneOffset.UTC));
    for (var version = 1; version <= 2; version++) {
      for (var request : requests) {
        cache.of(request, Integer.toString(version));
        cache.of(request, Integer.toString(version));
      }
    }
    assertThat(rollups.reads).hasValue(8);
  }
}
