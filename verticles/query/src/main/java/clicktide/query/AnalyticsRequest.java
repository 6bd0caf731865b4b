package clicktide.query;

import clicktide.enrich.Dimension;
import clicktide.http.ApiRequest;
import clicktide.http.Problem;
import clicktide.store.AnalyticsTarget;
import clicktide.store.Rollups.Filter;
import clicktide.store.Rollups.RollupQuery;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * An analytics request, as its parameters say (E1): the query for the rollups, and the form of the
 * answer. {@code limit} bounds the combinations of dimension values, 1 to 1,000.
 */
record AnalyticsRequest(
    RollupQuery query,
    Bucket bucket,
    ZoneId zone,
    Set<Metric> metrics,
    boolean isCompared,
    int limit) {

  private static final int MAX_BUCKETS = 1_500;
  private static final int MAX_DEFAULT_BUCKETS = 400;
  private static final int MAX_COMBINATIONS = 1_000;
  private static final Filter SCANS = new Filter(Dimension.VIA, true, Set.of("qr"));

  /** Reads the parameters; {@code first} is the begin of the interval "all". */
  static AnalyticsRequest of(ApiRequest call, AnalyticsTarget target, Instant first, Instant now) {
    var zone = Ranges.zone(call);
    var range = Ranges.of(call, zone, now, first);
    var bucket = AnalyticsParameters.bucket(call).orElseGet(() -> finest(range, zone));
    var bounds = bucket.bounds(range.from(), range.to(), zone, MAX_BUCKETS);
    if (bounds.size() - 1 > MAX_BUCKETS) {
      throw Problem.refused(
              "too_many_points",
              "The range cannot have more than %d buckets. Use a shorter range or a wider `bucket`."
                  .formatted(MAX_BUCKETS))
          .raised();
    }
    var query =
        RollupQuery.of(target, bounds)
            .withDimensions(AnalyticsParameters.dimensions(call))
            .withFilters(AnalyticsParameters.filters(call))
            .withTraffic(AnalyticsParameters.traffic(call));
    return new AnalyticsRequest(
        query,
        bucket,
        zone,
        AnalyticsParameters.metrics(call),
        AnalyticsParameters.isCompared(call),
        call.integer("limit", MAX_COMBINATIONS, 1, MAX_COMBINATIONS));
  }

  private static Bucket finest(Ranges.Range range, ZoneId zone) {
    return Arrays.stream(Bucket.values())
        .filter(
            bucket ->
                bucket.bounds(range.from(), range.to(), zone, MAX_DEFAULT_BUCKETS).size() - 1
                    <= MAX_DEFAULT_BUCKETS)
        .findFirst()
        .orElse(Bucket.TOTAL);
  }

  /** Returns the same request for another query. */
  AnalyticsRequest with(RollupQuery other) {
    return new AnalyticsRequest(other, bucket, zone, metrics, isCompared, limit);
  }

  /**
   * Returns the request for the period of the same length that ends where this one begins; empty
   * unless a comparison is wanted.
   */
  Optional<AnalyticsRequest> previous() {
    if (!isCompared) {
      return Optional.empty();
    }
    var before = Ranges.before(new Ranges.Range(from(), to()), bucket, zone);
    return Optional.of(
        with(query.withBounds(bucket.bounds(before.from(), from(), zone, MAX_BUCKETS))));
  }

  boolean wants(Metric metric) {
    return metrics.contains(metric);
  }

  List<Instant> bounds() {
    return query.bounds();
  }

  Instant from() {
    return bounds().getFirst();
  }

  Instant to() {
    return bounds().getLast();
  }

  /** The hot hour holds clicks of one link or of all links, by minute and without dimensions. */
  boolean isForHotHour() {
    return bucket == Bucket.MINUTE
        && query.dimensions().isEmpty()
        && query.filters().isEmpty()
        && query.links().isEmpty()
        && metrics.equals(EnumSet.of(Metric.CLICKS));
  }

  /** Returns the query for scans among the clicks of a query (A6). */
  static RollupQuery scans(RollupQuery query) {
    return query.withFilter(SCANS);
  }

  /** The key of visitors' addresses changes at 00:00 UTC, so a visitor counts once a day. */
  List<String> warnings() {
    return wants(Metric.UNIQUE_VISITORS) && Duration.between(from(), to()).toDays() >= 1
        ? List.of("visitors_count_once_a_day")
        : List.of();
  }
}
