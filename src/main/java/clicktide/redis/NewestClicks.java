package clicktide.redis;

import clicktide.count.LiveTally;
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
    for (var enriched : batch.reversed()) { // older ones find their lists full
      if (LiveTally.isHot(enriched) && enriched.click().mode() == TrackingMode.FULL) {
        newest.add(enriched);
      }
    }
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
    if (list.size() < RecentClicks.most(target)) {
      list.addFirst(click);
    }
  }

  /** An addition to one list: the indexes of texts in ARGV; the newest click is last. */
  record ListAddition(int key, int limit, long expiry, List<Integer> clicks) {}

  /** Returns an addition for each list, declares the keys of the lists and adds the texts. */
  List<ListAddition> additions(
      int partition, ScriptKeys keys, RecentClickText form, List<String> texts) {
    var expiry = newest + Retention.NEWEST_CLICKS.toSeconds();
    var indexes = new IdentityHashMap<EnrichedClick, Integer>(); // most clicks are in two lists
    return lists.entrySet().stream()
        .map(
            list ->
                new ListAddition(
                    keys.index(Keys.newest(partition, list.getKey())),
                    RecentClicks.most(list.getKey()),
                    expiry,
                    list.getValue().stream()
                        .map(click -> indexes.computeIfAbsent(click, one -> text(one, form, texts)))
                        .toList()))
        .toList();
  }

  private static int text(EnrichedClick enriched, RecentClickText form, List<String> texts) {
    var click = enriched.click();
    texts.add(form.write(click.at(), click.code(), enriched.values()));
    return texts.size() + 1; // after the document
  }
}
