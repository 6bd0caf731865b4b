package clicktide.query;

import clicktide.count.Dimension;
import clicktide.enrich.Traffic;
import clicktide.http.ApiRequest;
import clicktide.http.Problem;
import clicktide.store.AnalyticsTarget;
import clicktide.store.Rollups;
import clicktide.store.Rollups.Filter;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What somebody wants to know of a link or of all of an owner, as the parameters say (E1). */
record AnalyticsRequest(
    AnalyticsTarget target,
    Bucket bucket,
    ZoneId zone,
    List<Instant> bounds,
    List<Dimension> dimensions,
    Set<Metric> metrics,
    List<Filter> filters,
    Optional<Traffic> traffic,
    boolean isCompared,
    int limit,
    Optional<List<Long>> only) {

  private static final int MOST_BUCKETS = 1_500;
  private static final int USUAL_BUCKETS = 400;
  private static final int MOST_ROWS = 1_000;

  /** {@code first} is where "all" begins. */
  static AnalyticsRequest of(ApiRequest call, AnalyticsTarget target, Instant first, Instant now) {
    var zone = Ranges.zone(call);
    var range = Ranges.of(call, zone, now, first);
    var bucket =
        call.query("bucket")
            .or(() -> call.query("granularity"))
            .map(
                key ->
                    Bucket.named(key)
                        .orElseThrow(
                            () ->
                                ApiRequest.invalid(
                                    "bucket",
                                    "It is one of "
                                        + Arrays.stream(Bucket.values()).map(Bucket::key).toList()
                                        + ".")))
            .orElseGet(() -> finest(range, zone));
    var bounds = bucket.bounds(range.from(), range.to(), zone, MOST_BUCKETS);
    if (bounds.size() - 1 > MOST_BUCKETS) {
      throw Problem.refused(
              "too_many_points",
              "That would be more than %d buckets; ask for a shorter range or a wider bucket."
                  .formatted(MOST_BUCKETS))
          .raised();
    }
    return new AnalyticsRequest(
        target,
        bucket,
        zone,
        bounds,
        AnalyticsParameters.dimensions(call),
        AnalyticsParameters.metrics(call),
        AnalyticsParameters.filters(call),
        AnalyticsParameters.traffic(call),
        AnalyticsParameters.isCompared(call),
        call.integer("limit", MOST_ROWS, 1, MOST_ROWS),
        Optional.empty());
  }

  /** The same question about some of the owner's links. */
  AnalyticsRequest of(List<Long> links) {
    return new AnalyticsRequest(
        target,
        bucket,
        zone,
        bounds,
        dimensions,
        metrics,
        filters,
        traffic,
        isCompared,
        limit,
        Optional.of(links));
  }

  private static Bucket finest(Ranges.Range range, ZoneId zone) {
    return Arrays.stream(Bucket.values())
        .filter(
            bucket ->
                bucket.bounds(range.from(), range.to(), zone, USUAL_BUCKETS).size() - 1
                    <= USUAL_BUCKETS)
        .findFirst()
        .orElse(Bucket.TOTAL);
  }

  /** The same question about the period of the same length that ends where this one begins. */
  AnalyticsRequest previous() {
    var from = bounds.getFirst();
    var before = Ranges.before(new Ranges.Range(from, bounds.getLast()), bucket, zone);
    return new AnalyticsRequest(
        target,
        bucket,
        zone,
        bucket.bounds(before.from(), from, zone, MOST_BUCKETS),
        dimensions,
        metrics,
        filters,
        traffic,
        false,
        limit,
        only);
  }

  boolean wants(Metric metric) {
    return metrics.contains(metric);
  }

  /** Only minutes of one link or of all of them, without any breakdown, are in the hot hour. */
  boolean isForHotHour() {
    return bucket == Bucket.MINUTE
        && dimensions.isEmpty()
        && filters.isEmpty()
        && only.isEmpty()
        && metrics.equals(EnumSet.of(Metric.CLICKS));
  }

  /** The same question to the rollups, about some of the buckets. */
  Rollups.RollupQuery toRollups(List<Instant> someBounds) {
    return new Rollups.RollupQuery(target, someBounds, dimensions, filters, traffic, only);
  }

  /** The same, about scans only. */
  Rollups.RollupQuery toScans(List<Instant> someBounds) {
    var scans = new ArrayList<>(filters);
    scans.add(new Filter(Dimension.VIA, true, Set.of("qr")));
    return new Rollups.RollupQuery(target, someBounds, dimensions, scans, traffic, only);
  }
}
