package clicktide.query;

import clicktide.count.HumanBotCount;
import clicktide.count.Visitors;
import clicktide.http.Json;
import clicktide.store.AnalyticsTarget;
import clicktide.store.Rollups.CountKey;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The answer to a question about a link, or about an owner. */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Report(
    String shortCode,
    String ownerId,
    String freshThrough,
    String bucket,
    String from,
    String to,
    String tz,
    Totals totals,
    List<Map<String, Object>> series,
    Previous previous,
    Meta meta) {

  /** Sums over the range. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Totals(ClickTotals clicks, Estimate uniqueVisitors, Long scans) {}

  /** The period before, if that was asked for. */
  record Previous(String from, String to, Totals totals, List<Map<String, Object>> series) {
    static Previous of(AnalyticsRequest question, QueryResult counted) {
      var folded = counted.only(question.traffic()).fold(question);
      return new Previous(
          Times.in(question.zone(), question.bounds().getFirst()),
          Times.in(question.zone(), question.bounds().getLast()),
          Report.totals(question, folded),
          Report.series(question, folded));
    }
  }

  record ClickTotals(long total, long human, long bot) {}

  /** A sketch's estimate and its standard error. */
  record Estimate(long estimate, double relativeError) {}

  /** {@code name} is the code of the link, or the id of the owner; {@code more} are warnings. */
  static Report of(
      AnalyticsRequest question,
      String name,
      QueryResult counted,
      Optional<Previous> previous,
      Provenance reading,
      List<String> more) {
    var folded = counted.only(question.traffic()).fold(question);
    var bounds = question.bounds();
    return new Report(
        question.target() instanceof AnalyticsTarget.LinkTarget ? name : null,
        question.target() instanceof AnalyticsTarget.OwnerTarget ? name : null,
        reading.freshThrough().toString(),
        question.bucket().key(),
        Times.in(question.zone(), bounds.getFirst()),
        Times.in(question.zone(), bounds.getLast()),
        question.zone().getId(),
        totals(question, folded),
        series(question, folded),
        previous.orElse(null),
        meta(question, reading, more));
  }

  /**
   * A weak validator: the same as long as the numbers are, and for a range that is not over yet as
   * long as they reach equally far. (RFC 9110, section 8.8.1.)
   */
  String etag() {
    var end = OffsetDateTime.parse(to).toInstant();
    var through = Instant.parse(freshThrough).isBefore(end) ? freshThrough : null;
    var lasting =
        new Report(
            shortCode,
            ownerId,
            through,
            bucket,
            from,
            to,
            tz,
            totals,
            series,
            previous,
            meta.through(through));
    return "W/\"%s\"".formatted(Json.fingerprint(lasting));
  }

  private static Totals totals(AnalyticsRequest question, QueryResult counted) {
    var clicks = counted.clicks().values().stream().reduce(HumanBotCount.NONE, HumanBotCount::plus);
    var all = new Visitors();
    counted.visitors().values().forEach(all::merge);
    return new Totals(
        new ClickTotals(clicks.total(), clicks.human(), clicks.bot()),
        question.wants(Metric.UNIQUE_VISITORS)
            ? new Estimate(all.estimate(), Visitors.RELATIVE_ERROR)
            : null,
        question.wants(Metric.SCANS)
            ? counted.scans().values().stream().mapToLong(HumanBotCount::total).sum()
            : null);
  }

  private static List<Map<String, Object>> series(AnalyticsRequest question, QueryResult counted) {
    var keys = new ArrayList<>(counted.clicks().keySet());
    if (question.dimensions().isEmpty()) { // zero-filled
      keys.clear();
      for (var bucket = 0; bucket < question.bounds().size() - 1; bucket++) {
        keys.add(new CountKey(bucket, List.of()));
      }
    }
    keys.sort(
        Comparator.comparingInt(CountKey::bucket)
            .thenComparing(
                key -> counted.clicks().getOrDefault(key, HumanBotCount.NONE).total(),
                Comparator.reverseOrder())
            .thenComparing(key -> String.join("\n", key.values())));
    var rows = new ArrayList<Map<String, Object>>();
    for (var key : keys) {
      var shown = counted.clicks().getOrDefault(key, HumanBotCount.NONE).total();
      if (shown > 0 || question.dimensions().isEmpty()) {
        rows.add(row(question, key, shown, counted));
      }
    }
    return rows;
  }

  private static Map<String, Object> row(
      AnalyticsRequest question, CountKey key, long clicks, QueryResult counted) {
    var row = new LinkedHashMap<String, Object>();
    row.put("bucketStart", Times.in(question.zone(), question.bounds().get(key.bucket())));
    for (var i = 0; i < key.values().size(); i++) {
      row.put(question.dimensions().get(i).key(), key.values().get(i));
    }
    if (question.wants(Metric.CLICKS)) {
      row.put("clicks", clicks);
    }
    if (question.wants(Metric.UNIQUE_VISITORS)) {
      var visitors = counted.visitors().get(key);
      row.put("uniqueVisitors", visitors == null ? 0 : visitors.estimate());
    }
    if (question.wants(Metric.SCANS)) {
      row.put("scans", counted.scans().getOrDefault(key, HumanBotCount.NONE).total());
    }
    row.put("isFinalized", false);
    return row;
  }

  private static Meta meta(AnalyticsRequest question, Provenance reading, List<String> more) {
    var bounds = question.bounds();
    var days = Duration.between(bounds.getFirst(), bounds.getLast()).toDays();
    // The key of visitors' addresses changes at 00:00 UTC.
    var warnings = new ArrayList<>(more);
    if (question.wants(Metric.UNIQUE_VISITORS) && days >= 1) {
      warnings.add("visitors_count_once_a_day");
    }
    return Meta.of(reading, warnings);
  }
}
