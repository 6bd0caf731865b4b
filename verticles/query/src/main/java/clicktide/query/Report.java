package clicktide.query;

import clicktide.count.HumanBotCount;
import clicktide.count.Visitors;
import clicktide.http.Json;
import clicktide.store.AnalyticsTarget;
import clicktide.store.Rollups.CountKey;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The answer to an analytics request, for a link or for an owner. */
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

  record ClickTotals(long total, long human, long bot) {}

  /** A sketch's estimate and its standard error. */
  record Estimate(long estimate, double relativeError) {}

  /** The period before, if a comparison was requested. */
  record Previous(String from, String to, Totals totals, List<Map<String, Object>> series) {
    static Previous of(AnalyticsRequest request, QueryResult result) {
      var shown = shown(request, result);
      return new Previous(
          Times.in(request.zone(), request.from()),
          Times.in(request.zone(), request.to()),
          Report.totals(request, shown),
          Report.series(request, shown));
    }
  }

  /** {@code name} is the code of the link, or the id of the owner. */
  static Report of(
      AnalyticsRequest request,
      String name,
      QueryResult result,
      Optional<Previous> previous,
      Meta meta) {
    var shown = shown(request, result);
    var isOfLink = request.query().target() instanceof AnalyticsTarget.LinkTarget;
    return new Report(
        isOfLink ? name : null,
        isOfLink ? null : name,
        meta.freshThrough(),
        request.bucket().key(),
        Times.in(request.zone(), request.from()),
        Times.in(request.zone(), request.to()),
        request.zone().getId(),
        totals(request, shown),
        series(request, shown),
        previous.orElse(null),
        meta);
  }

  private static QueryResult shown(AnalyticsRequest request, QueryResult result) {
    return result
        .only(request.query().traffic())
        .fold(request.limit(), request.query().dimensions().size());
  }

  /**
   * Returns a weak validator. It stays while the counts stay and, for a range that is not over yet,
   * while the watermark stays (RFC 9110, section 8.8.1).
   */
  String etag() {
    var end = OffsetDateTime.parse(to).toInstant();
    var watermark = Instant.parse(freshThrough).isBefore(end) ? freshThrough : null;
    return "W/\"%s\"".formatted(Json.fingerprint(lasting(watermark)));
  }

  private Report lasting(String watermark) {
    return new Report(
        shortCode,
        ownerId,
        watermark,
        bucket,
        from,
        to,
        tz,
        totals,
        series,
        previous,
        meta.lasting(watermark));
  }

  private static Totals totals(AnalyticsRequest request, QueryResult result) {
    var clicks = result.clicks().values().stream().reduce(HumanBotCount.NONE, HumanBotCount::plus);
    var all = new Visitors();
    result.visitors().values().forEach(all::merge);
    return new Totals(
        new ClickTotals(clicks.total(), clicks.human(), clicks.bot()),
        request.wants(Metric.UNIQUE_VISITORS)
            ? new Estimate(all.estimate(), Visitors.RELATIVE_ERROR)
            : null,
        request.wants(Metric.SCANS)
            ? result.scans().values().stream().mapToLong(HumanBotCount::total).sum()
            : null);
  }

  private static List<Map<String, Object>> series(AnalyticsRequest request, QueryResult result) {
    var hasDimensions = !request.query().dimensions().isEmpty();
    var keys = new ArrayList<>(result.clicks().keySet());
    if (!hasDimensions) { // buckets without clicks are shown
      keys.clear();
      for (var bucket = 0; bucket < request.bounds().size() - 1; bucket++) {
        keys.add(new CountKey(bucket, List.of()));
      }
    }
    keys.sort(
        Comparator.comparingInt(CountKey::bucket)
            .thenComparing(key -> clicks(result, key), Comparator.reverseOrder())
            .thenComparing(key -> String.join("\n", key.values())));
    return keys.stream()
        .filter(key -> !hasDimensions || clicks(result, key) > 0)
        .map(key -> row(request, key, result))
        .toList();
  }

  private static long clicks(QueryResult result, CountKey key) {
    return result.clicks().getOrDefault(key, HumanBotCount.NONE).total();
  }

  private static Map<String, Object> row(
      AnalyticsRequest request, CountKey key, QueryResult result) {
    var row = new LinkedHashMap<String, Object>();
    row.put("bucketStart", Times.in(request.zone(), request.bounds().get(key.bucket())));
    for (var i = 0; i < key.values().size(); i++) {
      row.put(request.query().dimensions().get(i).key(), key.values().get(i));
    }
    if (request.wants(Metric.CLICKS)) {
      row.put("clicks", clicks(result, key));
    }
    if (request.wants(Metric.UNIQUE_VISITORS)) {
      var visitors = result.visitors().get(key);
      row.put("uniqueVisitors", visitors == null ? 0 : visitors.estimate());
    }
    if (request.wants(Metric.SCANS)) {
      row.put("scans", result.scans().getOrDefault(key, HumanBotCount.NONE).total());
    }
    row.put("isFinalized", false);
    return row;
  }
}
