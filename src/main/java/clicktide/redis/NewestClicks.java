package clicktide.redis;

import clicktide.count.LiveTally;
import clicktide.enrich.Dimension;
import clicktide.enrich.EnrichedClick;
import clicktide.event.TrackingMode;
import clicktide.store.AnalyticsTarget;
import clicktide.store.RecentClicks;
import clicktide.store.Retention;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The additions of a batch to the lists of newest clicks, for each of its links and owners. */
final class NewestClicks {
  private final Map<AnalyticsTarget, Deque<EnrichedClick>> lists = new LinkedHashMap<>();
  private long newest; // Unix time of the newest click in seconds, by the broker

  static NewestClicks of(List<EnrichedClick> batch) {
    var newest = new NewestClicks();
    batch.stream()
        .filter(
            enriched -> LiveTally.isHot(enriched) && enriched.click().mode() == TrackingMode.FULL)
        .forEach(newest::add);
    return newest;
  }

  private void add(EnrichedClick enriched) {
    var subject = enriched.click().subject();
    add(new AnalyticsTarget.LinkTarget(subject.id(), subject.owner()), enriched);
    add(new AnalyticsTarget.OwnerTarget(subject.owner()), enriched);
    newest = Math.max(newest, enriched.loggedAt().getEpochSecond());
  }

  private void add(AnalyticsTarget target, EnrichedClick click) {
    var list = lists.computeIfAbsent(target, _ -> new ArrayDeque<>());
    list.addLast(click);
    if (list.size() > RecentClicks.most(target)) {
      list.removeFirst();
    }
  }

  /** An addition to one list; {@code clicks} end with the newest one. */
  record ListAddition(int key, int limit, long expiry, List<String> clicks) {}

  /** Returns an addition for each list, and declares the keys of the lists. */
  List<ListAddition> additions(int partition, ScriptKeys keys) {
    var expiry = newest + Retention.NEWEST_CLICKS.toSeconds();
    var texts = new IdentityHashMap<EnrichedClick, String>(); // most clicks are in two lists
    return lists.entrySet().stream()
        .map(
            list ->
                new ListAddition(
                    keys.index(Keys.newest(partition, list.getKey())),
                    RecentClicks.most(list.getKey()),
                    expiry,
                    list.getValue().stream()
                        .map(click -> texts.computeIfAbsent(click, NewestClicks::text))
                        .toList()))
        .toList();
  }

  private static String text(EnrichedClick enriched) {
    var click = enriched.click();
    return RecentClickText.write(click.at(), click.code(), Dimension.allOf(enriched));
  }
}
