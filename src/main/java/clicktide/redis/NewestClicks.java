package clicktide.redis;

import clicktide.count.Dimension;
import clicktide.count.LiveTally;
import clicktide.enrich.EnrichedClick;
import clicktide.event.TrackingMode;
import clicktide.store.AnalyticsTarget;
import clicktide.store.RecentClicks;
import clicktide.store.Retention;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a batch adds to the lists of newest clicks: the end of it, for each link and owner. */
final class NewestClicks {
  private final Map<AnalyticsTarget, Deque<String>> lists = new LinkedHashMap<>();
  private long newest;

  static NewestClicks of(List<EnrichedClick> visits) {
    var clicks = new NewestClicks();
    visits.stream()
        .filter(visit -> LiveTally.isHot(visit) && visit.click().mode() == TrackingMode.FULL)
        .forEach(clicks::add);
    return clicks;
  }

  private void add(EnrichedClick visit) {
    var click = visit.click();
    var text = SeenText.write(click.at(), click.code(), Dimension.allOf(visit));
    var owner = click.subject().owner();
    add(new AnalyticsTarget.LinkTarget(click.subject().id(), owner), text);
    add(new AnalyticsTarget.OwnerTarget(owner), text);
    newest = Math.max(newest, visit.loggedAt().getEpochSecond());
  }

  private void add(AnalyticsTarget whose, String text) {
    var list = lists.computeIfAbsent(whose, _ -> new ArrayDeque<>());
    list.addLast(text);
    if (list.size() > RecentClicks.most(whose)) {
      list.removeFirst();
    }
  }

  /** An addition to one list; {@code clicks} end with the newest one. */
  record ListAddition(int key, int limit, long expiry, List<String> clicks) {}

  /** Returns an addition for each list, and declares the keys of the lists. */
  List<ListAddition> additions(int partition, ScriptKeys keys) {
    var expiry = newest + Retention.NEWEST_CLICKS.toSeconds();
    return lists.entrySet().stream()
        .map(
            list ->
                new ListAddition(
                    keys.index(Keys.newest(partition, list.getKey())),
                    RecentClicks.most(list.getKey()),
                    expiry,
                    List.copyOf(list.getValue())))
        .toList();
  }
}
