package clicktide.query;

import clicktide.count.Dimension;
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

/** Reads the parameters of analytics questions, other than those of time. */
final class AnalyticsParameters {
  private AnalyticsParameters() {}

  static List<Dimension> dimensions(ApiRequest call) {
    var dimensions =
        call.list("dimensions").stream()
            .map(
                key ->
                    Dimension.named(key)
                        .orElseThrow(
                            () ->
                                ApiRequest.invalid(
                                    "dimensions",
                                    "They are among "
                                        + Arrays.stream(Dimension.values())
                                            .map(Dimension::key)
                                            .toList()
                                        + ".")))
            .toList();
    if (new HashSet<>(dimensions).size() < dimensions.size()) {
      throw ApiRequest.invalid("dimensions", "One is named twice.");
    }
    if (dimensions.size() > 3) {
      throw Problem.refused("too_many_dimensions", "At most three dimensions can be combined.")
          .raised();
    }
    return dimensions;
  }

  static Set<Metric> metrics(ApiRequest call) {
    var metrics = EnumSet.noneOf(Metric.class);
    for (var key : call.list("metrics")) {
      switch (key) {
        case "clicks" -> metrics.add(Metric.CLICKS);
        case "uniqueVisitors", "unique_visitors" -> metrics.add(Metric.UNIQUE_VISITORS);
        case "scans" -> metrics.add(Metric.SCANS);
        default ->
            throw ApiRequest.invalid("metrics", "They are clicks, uniqueVisitors and scans.");
      }
    }
    return metrics.isEmpty() ? EnumSet.of(Metric.CLICKS) : metrics;
  }

  /** {@code country=US,BR} keeps these, {@code country=-US} all but this one. */
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
                  default -> throw ApiRequest.invalid("traffic", "It is all, human or bot.");
                });
  }

  static boolean isCompared(ApiRequest call) {
    return call.query("compare")
        .map(
            text -> {
              if (!text.equals("previous")) {
                throw ApiRequest.invalid("compare", "It is previous.");
              }
              return true;
            })
        .orElse(false);
  }
}
