package clicktide.query;

import clicktide.count.Dimension;
import clicktide.count.Traffic;
import clicktide.http.Call;
import clicktide.http.Problem;
import clicktide.store.Rollups;
import clicktide.store.Rollups.Filter;
import clicktide.store.Whose;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** What somebody wants to know of a link or of all of an owner, as the parameters say (E1). */
record AnalyticsQuestion(
    Whose whose,
    Bucket bucket,
    ZoneId zone,
    List<Instant> bounds,
    List<Dimension> dimensions,
    Set<Metric> metrics,
    List<Filter> filters,
    Optional<Traffic> traffic,
    int limit) {

  private static final int MOST_BUCKETS = 1_500;
  private static final int USUAL_BUCKETS = 400;
  private static final int MOST_ROWS = 1_000;

  /** {@code first} is where "all" begins. */
  static AnalyticsQuestion of(Call call, Whose whose, Instant first, Instant now) {
    call.allow(parameters());
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
                                Call.invalid(
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
    return new AnalyticsQuestion(
        whose,
        bucket,
        zone,
        bounds,
        dimensions(call),
        metrics(call),
        filters(call),
        traffic(call),
        call.integer("limit", MOST_ROWS, 1, MOST_ROWS));
  }

  private static String[] parameters() {
    var names =
        new ArrayList<>(
            List.of(
                "from",
                "to",
                "interval",
                "bucket",
                "granularity",
                "tz",
                "timezone",
                "dimensions",
                "metrics",
                "traffic",
                "limit"));
    for (var dimension : Dimension.values()) {
      if (dimension != Dimension.TRAFFIC) {
        names.add(dimension.key());
      }
    }
    return names.toArray(String[]::new);
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

  private static List<Dimension> dimensions(Call call) {
    var dimensions =
        call.list("dimensions").stream()
            .map(
                key ->
                    Dimension.named(key)
                        .orElseThrow(
                            () ->
                                Call.invalid(
                                    "dimensions",
                                    "They are among "
                                        + Arrays.stream(Dimension.values())
                                            .map(Dimension::key)
                                            .toList()
                                        + ".")))
            .toList();
    if (new HashSet<>(dimensions).size() < dimensions.size()) {
      throw Call.invalid("dimensions", "One is named twice.");
    }
    if (dimensions.size() > 3) {
      throw Problem.refused("too_many_dimensions", "At most three dimensions can be combined.")
          .raised();
    }
    return dimensions;
  }

  private static Set<Metric> metrics(Call call) {
    var metrics = EnumSet.noneOf(Metric.class);
    for (var key : call.list("metrics")) {
      switch (key) {
        case "clicks" -> metrics.add(Metric.CLICKS);
        case "uniqueVisitors", "unique_visitors" -> metrics.add(Metric.UNIQUE_VISITORS);
        case "scans" -> metrics.add(Metric.SCANS);
        default -> throw Call.invalid("metrics", "They are clicks, uniqueVisitors and scans.");
      }
    }
    return metrics.isEmpty() ? EnumSet.of(Metric.CLICKS) : metrics;
  }

  /** {@code country=US,BR} keeps these, {@code country=-US} all but this one. */
  private static List<Filter> filters(Call call) {
    var filters = new ArrayList<Filter>();
    for (var dimension : Dimension.values()) {
      var included = new HashSet<String>();
      var excluded = new HashSet<String>();
      if (dimension != Dimension.TRAFFIC) {
        for (var value : call.list(dimension.key())) {
          if (value.startsWith("-")) {
            excluded.add(value.substring(1));
          } else {
            included.add(value);
          }
        }
      }
      if (!included.isEmpty()) {
        filters.add(new Filter(dimension, true, included));
      }
      if (!excluded.isEmpty()) {
        filters.add(new Filter(dimension, false, excluded));
      }
    }
    return filters;
  }

  private static Optional<Traffic> traffic(Call call) {
    return call.query("traffic")
        .flatMap(
            text ->
                switch (text.toLowerCase(Locale.ROOT)) {
                  case "all" -> Optional.empty();
                  case "human" -> Optional.of(Traffic.HUMAN);
                  case "bot" -> Optional.of(Traffic.BOT);
                  default -> throw Call.invalid("traffic", "It is all, human or bot.");
                });
  }

  boolean wants(Metric metric) {
    return metrics.contains(metric);
  }

  /** Only minutes without any breakdown are in the hot hour. */
  boolean isForHotHour() {
    return bucket == Bucket.MINUTE
        && dimensions.isEmpty()
        && filters.isEmpty()
        && metrics.equals(EnumSet.of(Metric.CLICKS));
  }

  /** The same question to the rollups, about some of the buckets. */
  Rollups.Question toRollups(List<Instant> someBounds) {
    return new Rollups.Question(whose, someBounds, dimensions, filters, traffic);
  }

  /** The same question, about scans only. */
  Rollups.Question toScans() {
    var scans = new ArrayList<>(filters);
    scans.add(new Filter(Dimension.VIA, true, Set.of("qr")));
    return new Rollups.Question(whose, bounds, dimensions, scans, traffic);
  }
}
