package clicktide.query;

import clicktide.count.Dimension;
import clicktide.count.HumanBotCount;
import clicktide.count.Visitors;
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

/** What was counted: clicks and, where asked for, visitors and scans by the same keys. */
record QueryResult(
    Map<CountKey, HumanBotCount> clicks,
    Map<CountKey, Visitors> visitors,
    Map<CountKey, HumanBotCount> scans) {
  /** Of one kind of traffic, if the question is about one: totals and series say the same. */
  QueryResult only(Optional<Traffic> traffic) {
    return traffic
        .map(one -> new QueryResult(only(one, clicks), visitors, only(one, scans)))
        .orElse(this);
  }

  private static Map<CountKey, HumanBotCount> only(
      Traffic traffic, Map<CountKey, HumanBotCount> counts) {
    var only = new HashMap<CountKey, HumanBotCount>();
    counts.forEach((key, all) -> only.put(key, all.only(traffic)));
    return only;
  }

  /** Keeps the combinations with most clicks; the others become one. Sums stay. */
  QueryResult fold(AnalyticsRequest question) {
    var totals = new HashMap<List<String>, Long>();
    clicks.forEach((key, some) -> totals.merge(key.values(), some.total(), Long::sum));
    if (totals.size() <= question.limit()) {
      return this;
    }
    Set<List<String>> kept =
        totals.entrySet().stream()
            .sorted(Map.Entry.<List<String>, Long>comparingByValue().reversed())
            .limit(question.limit())
            .map(Map.Entry::getKey)
            .collect(Collectors.toCollection(HashSet::new));
    var other = Collections.nCopies(question.dimensions().size(), Dimension.OTHER);
    var people = new HashMap<CountKey, Visitors>();
    visitors.forEach(
        (key, some) ->
            people.computeIfAbsent(folded(key, kept, other), _ -> new Visitors()).merge(some));
    return new QueryResult(fold(clicks, kept, other), people, fold(scans, kept, other));
  }

  private static Map<CountKey, HumanBotCount> fold(
      Map<CountKey, HumanBotCount> counts, Set<List<String>> kept, List<String> other) {
    var folded = new HashMap<CountKey, HumanBotCount>();
    counts.forEach(
        (key, some) -> folded.merge(folded(key, kept, other), some, HumanBotCount::plus));
    return folded;
  }

  private static CountKey folded(CountKey key, Set<List<String>> kept, List<String> other) {
    return kept.contains(key.values()) ? key : new CountKey(key.bucket(), other);
  }
}
