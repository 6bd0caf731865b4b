package clicktide.query;

import clicktide.count.HumanBotCount;
import clicktide.count.Visitors;
import clicktide.enrich.Dimension;
import clicktide.enrich.Traffic;
import clicktide.store.Rollups.CountKey;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The result of a query: clicks and, if requested, visitors and scans, all by the same keys. */
record QueryResult(
    Map<CountKey, HumanBotCount> clicks,
    Map<CountKey, Visitors> visitors,
    Map<CountKey, HumanBotCount> scans) {
  private static final int ROW_BYTES = 136; // key, count and their entry in a map
  private static final int TEXT_BYTES = 48;

  /** Returns an estimate of the bytes in memory. */
  long bytes() {
    var sketches = visitors.values().stream().mapToLong(Visitors::bytes).sum();
    return bytes(clicks) + bytes(scans) + bytes(visitors) + sketches;
  }

  private static long bytes(Map<CountKey, ?> rows) {
    return rows.keySet().stream().mapToLong(QueryResult::bytes).sum();
  }

  /** Returns an estimate of the bytes of a row with this key. */
  static long bytes(CountKey key) {
    return ROW_BYTES + key.values().stream().mapToLong(QueryResult::bytes).sum();
  }

  /** Returns an estimate of the bytes of a text. */
  static long bytes(String text) {
    return TEXT_BYTES + 2L * text.length();
  }

  /** Returns the counts of one class of traffic, if one is given, so totals and series agree. */
  QueryResult only(Optional<Traffic> traffic) {
    return traffic
        .map(one -> new QueryResult(only(one, clicks), visitors, only(one, scans)))
        .orElse(this);
  }

  private static Map<CountKey, HumanBotCount> only(
      Traffic traffic, Map<CountKey, HumanBotCount> counts) {
    var only = new HashMap<CountKey, HumanBotCount>();
    counts.forEach((key, count) -> only.put(key, count.only(traffic)));
    return only;
  }

  /** Keeps the {@code limit} combinations with most clicks; the others become one. Sums stay. */
  QueryResult fold(int limit, int dimensions) {
    var totals = new HashMap<List<String>, Long>();
    clicks.forEach((key, count) -> totals.merge(key.values(), count.total(), Long::sum));
    if (totals.size() <= limit) {
      return this;
    }
    Set<List<String>> kept =
        totals.entrySet().stream()
            .sorted(Map.Entry.<List<String>, Long>comparingByValue().reversed())
            .limit(limit)
            .map(Map.Entry::getKey)
            .collect(Collectors.toCollection(HashSet::new));
    var other = Collections.nCopies(dimensions, Dimension.OTHER);
    var sketches = new HashMap<CountKey, Visitors>();
    visitors.forEach(
        (key, sketch) ->
            sketches.computeIfAbsent(fold(key, kept, other), _ -> new Visitors()).merge(sketch));
    return new QueryResult(fold(clicks, kept, other), sketches, fold(scans, kept, other));
  }

  private static Map<CountKey, HumanBotCount> fold(
      Map<CountKey, HumanBotCount> counts, Set<List<String>> kept, List<String> other) {
    var folded = new HashMap<CountKey, HumanBotCount>();
    counts.forEach(
        (key, count) -> folded.merge(fold(key, kept, other), count, HumanBotCount::plus));
    return folded;
  }

  private static CountKey fold(CountKey key, Set<List<String>> kept, List<String> other) {
    return kept.contains(key.values()) ? key : new CountKey(key.bucket(), other);
  }
}
