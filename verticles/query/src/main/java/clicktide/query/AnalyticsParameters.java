package clicktide.query;

import clicktide.enrich.Dimension;
import clicktide.enrich.Traffic;
import clicktide.http.ApiRequest;
import clicktide.http.Problem;
import clicktide.store.Rollups.Filter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The parameters of analytics requests, except for range and time zone. */
final class AnalyticsParameters {
  private static final int MAX_DIMENSIONS = 3;

  private AnalyticsParameters() {}

  /** Reads the width of the buckets; {@code granularity} is another name of the parameter. */
  static Optional<Bucket> bucket(ApiRequest call) {
    return call.query("bucket")
        .or(() -> call.query("granularity"))
        .map(
            key ->
                Bucket.named(key)
                    .orElseThrow(
                        () ->
                            ApiRequest.invalid(
                                "bucket",
                                "`bucket` must be one of "
                                    + Arrays.stream(Bucket.values())
                                        .map(bucket -> "`%s`".formatted(bucket.key()))
                                        .collect(Collectors.joining(", ", "", ".")))));
  }

  static List<Dimension> dimensions(ApiRequest call) {
    var dimensions =
        call.list("dimensions").stream()
            .map(key -> Dimension.named(key).orElseThrow(AnalyticsParameters::unknownDimension))
            .toList();
    if (new HashSet<>(dimensions).size() < dimensions.size()) {
      throw ApiRequest.invalid("dimensions", "`dimensions` cannot name a dimension twice.");
    }
    if (dimensions.size() > MAX_DIMENSIONS) {
      throw Problem.refused(
              "too_many_dimensions", "`dimensions` cannot name more than three dimensions.")
          .raised();
    }
    return dimensions;
  }

  private static Problem.Raised unknownDimension() {
    return ApiRequest.invalid(
        "dimensions",
        "`dimensions` must be a comma-separated list of up to three of "
            + Arrays.stream(Dimension.values())
                .map(dimension -> "`%s`".formatted(dimension.key()))
                .collect(Collectors.joining(", ", "", ".")));
  }

  static Set<Metric> metrics(ApiRequest call) {
    var metrics = EnumSet.noneOf(Metric.class);
    for (var key : call.list("metrics")) {
      switch (key) {
        case "clicks" -> metrics.add(Metric.CLICKS);
        case "uniqueVisitors", "unique_visitors" -> metrics.add(Metric.UNIQUE_VISITORS);
        case "scans" -> metrics.add(Metric.SCANS);
        default ->
            throw ApiRequest.invalid(
                "metrics",
                "`metrics` must be a comma-separated list of `clicks`, `uniqueVisitors` and `scans`.");
      }
    }
    return metrics.isEmpty() ? EnumSet.of(Metric.CLICKS) : metrics;
  }

  /** Reads filters: {@code country=US,BR} keeps these, {@code country=-US} all but this one. */
  static List<Filter> filters(ApiRequest call) {
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

  static Optional<Traffic> traffic(ApiRequest call) {
    return call.query("traffic")
        .flatMap(
            text ->
                switch (text.toLowerCase(Locale.ROOT)) {
                  case "all" -> Optional.empty();
                  case "human" -> Optional.of(Traffic.HUMAN);
                  case "bot" -> Optional.of(Traffic.BOT);
                  default ->
                      throw ApiRequest.invalid(
                          "traffic", "`traffic` must be `all`, `human` or `bot`.");
                });
  }

  static boolean isCompared(ApiRequest call) {
    var compare = call.query("compare");
    if (compare.filter(text -> !text.equals("previous")).isPresent()) {
      throw ApiRequest.invalid("compare", "`compare` must be `previous`.");
    }
    return compare.isPresent();
  }
}
