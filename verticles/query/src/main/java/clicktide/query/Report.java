package clicktide.query;

import clicktide.count.Clicks;
import clicktide.count.Visitors;
import clicktide.query.AnalyticsQuestion.Metric;
import clicktide.store.Books;
import clicktide.store.Freshness;
import clicktide.store.Rollups.Key;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The answer to a question about a link. */
record Report(
    String shortCode,
    String freshThrough,
    String bucket,
    String from,
    String to,
    String tz,
    Totals totals,
    List<Map<String, Object>> series,
    Meta meta) {

  private static final String OTHER = "__other__";
  private static final Duration LAGGING = Duration.ofSeconds(60);

  /** Sums over the range. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Totals(ClickTotals clicks, Estimate uniqueVisitors) {}

  record ClickTotals(long total, long human, long bot) {}

  /** A sketch's estimate and its standard error. */
  record Estimate(long estimate, double relativeError) {}

  /** How far the numbers reach (E3). Nothing is final before the nightly job exists. */
  record Meta(
      String freshThrough,
      long freshnessSeconds,
      String finalThrough,
      boolean complete,
      int version,
      String source,
      long knownLoss,
      List<String> warnings) {}

  /** What was counted for a question: clicks and, where asked for, visitors by the same keys. */
  record Counted(Map<Key, Clicks> clicks, Map<Key, Visitors> visitors) {}

  /**
   * Where it was read, how fresh that is, and when; whether the live counts would have been asked
   * and could not say; and what is known to be lost.
   */
  record Reading(
      String source, Freshness freshness, boolean isLiveMissing, Books.Loss loss, Instant now) {
    Instant freshThrough() {
      return freshness.through();
    }
  }

  static Report of(AnalyticsQuestion question, Counted counted, Reading reading) {
    var folded = fold(question, only(question, counted));
    var bounds = question.bounds();
    return new Report(
        question.link().code(),
        reading.freshThrough().toString(),
        question.bucket().key(),
        Times.in(question.zone(), bounds.getFirst()),
        Times.in(question.zone(), bounds.getLast()),
        question.zone().getId(),
        totals(question, folded),
        series(question, folded),
        meta(question, reading));
  }

  private static Totals totals(AnalyticsQuestion question, Counted counted) {
    var clicks = counted.clicks().values().stream().reduce(Clicks.NONE, Clicks::plus);
    var all = new Visitors();
    counted.visitors().values().forEach(all::merge);
    return new Totals(
        new ClickTotals(clicks.total(), clicks.human(), clicks.bot()),
        question.wants(Metric.UNIQUE_VISITORS)
            ? new Estimate(all.estimate(), Visitors.RELATIVE_ERROR)
            : null);
  }

  private static List<Map<String, Object>> series(AnalyticsQuestion question, Counted counted) {
    var keys = new ArrayList<>(counted.clicks().keySet());
    if (question.dimensions().isEmpty()) { // zero-filled
      keys.clear();
      for (var bucket = 0; bucket < question.bounds().size() - 1; bucket++) {
        keys.add(new Key(bucket, List.of()));
      }
    }
    keys.sort(
        Comparator.comparingInt(Key::bucket)
            .thenComparing(
                key -> counted.clicks().getOrDefault(key, Clicks.NONE).total(),
                Comparator.reverseOrder())
            .thenComparing(key -> String.join("\n", key.values())));
    var rows = new ArrayList<Map<String, Object>>();
    for (var key : keys) {
      var shown = counted.clicks().getOrDefault(key, Clicks.NONE).total();
      if (shown > 0 || question.dimensions().isEmpty()) {
        rows.add(row(question, key, shown, counted.visitors().get(key)));
      }
    }
    return rows;
  }

  private static Map<String, Object> row(
      AnalyticsQuestion question, Key key, long clicks, Visitors visitors) {
    var row = new LinkedHashMap<String, Object>();
    row.put("bucketStart", Times.in(question.zone(), question.bounds().get(key.bucket())));
    for (var i = 0; i < key.values().size(); i++) {
      row.put(question.dimensions().get(i).key(), key.values().get(i));
    }
    if (question.wants(Metric.CLICKS)) {
      row.put("clicks", clicks);
    }
    if (question.wants(Metric.UNIQUE_VISITORS)) {
      row.put("uniqueVisitors", visitors == null ? 0 : visitors.estimate());
    }
    row.put("isFinalized", false);
    return row;
  }

  /** Of one kind of traffic, if the question is about one: totals and series say the same. */
  private static Counted only(AnalyticsQuestion question, Counted counted) {
    if (question.traffic().isEmpty()) {
      return counted;
    }
    var clicks = new HashMap<Key, Clicks>();
    counted.clicks().forEach((key, all) -> clicks.put(key, all.only(question.traffic().get())));
    return new Counted(clicks, counted.visitors());
  }

  /** Keeps the combinations with most clicks; the others become one. Sums stay. */
  private static Counted fold(AnalyticsQuestion question, Counted counted) {
    var totals = new HashMap<List<String>, Long>();
    counted
        .clicks()
        .forEach((key, clicks) -> totals.merge(key.values(), clicks.total(), Long::sum));
    if (totals.size() <= question.limit()) {
      return counted;
    }
    Set<List<String>> kept =
        totals.entrySet().stream()
            .sorted(Map.Entry.<List<String>, Long>comparingByValue().reversed())
            .limit(question.limit())
            .map(Map.Entry::getKey)
            .collect(Collectors.toCollection(HashSet::new));
    var other = Collections.nCopies(question.dimensions().size(), OTHER);
    var clicks = new HashMap<Key, Clicks>();
    counted
        .clicks()
        .forEach((key, some) -> clicks.merge(folded(key, kept, other), some, Clicks::plus));
    var visitors = new HashMap<Key, Visitors>();
    counted
        .visitors()
        .forEach(
            (key, some) ->
                visitors
                    .computeIfAbsent(folded(key, kept, other), _ -> new Visitors())
                    .merge(some));
    return new Counted(clicks, visitors);
  }

  private static Key folded(Key key, Set<List<String>> kept, List<String> other) {
    return kept.contains(key.values()) ? key : new Key(key.bucket(), other);
  }

  private static Meta meta(AnalyticsQuestion question, Reading reading) {
    var freshness = Duration.between(reading.freshThrough(), reading.now());
    var missing = new ArrayList<String>();
    if (freshness.compareTo(LAGGING) > 0) {
      missing.add("pipeline_lags");
    }
    if (reading.isLiveMissing()) {
      missing.add("live_counts_missing"); // their minutes come from the rollups
    }
    reading
        .freshness()
        .silent()
        .forEach(node -> missing.add("silent_node:" + Long.toHexString(node)));
    var warnings = new ArrayList<>(missing);
    if (reading.loss().unattributed() > 0) {
      warnings.add("unattributed_loss"); // of this link, or of another one
    }
    var bounds = question.bounds();
    var days = Duration.between(bounds.getFirst(), bounds.getLast()).toDays();
    if (question.wants(Metric.UNIQUE_VISITORS) && days >= 1) {
      warnings.add("visitors_count_once_a_day"); // the key of their addresses changes at 00:00 UTC
    }
    return new Meta(
        reading.freshThrough().toString(),
        Math.max(0, freshness.toSeconds()),
        null,
        missing.isEmpty(),
        1,
        reading.source(),
        reading.loss().shed(),
        warnings);
  }
}
