package clicktide.redis;

import clicktide.count.LiveTally;
import clicktide.enrich.EnrichedClick;
import clicktide.event.TrackingMode;
import clicktide.store.AnalyticsTarget;
import clicktide.store.RecentClicks;
import clicktide.store.Retention;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Makes the additions of a batch to the lists of newest clicks of its links and owners. */
final class NewestClicks {
  private final Map<AnalyticsTarget, List<Integer>> lists = new HashMap<>(); // newest first
  private final RecentClickText form;
  private final List<String> texts;
  private long newest; // Unix time of the newest click in seconds, by the broker

  private NewestClicks(RecentClickText form, List<String> texts) {
    this.form = form;
    this.texts = texts;
  }

  /** The additions in columns: the keys of lists, their greatest lengths, and texts in ARGV. */
  record Additions(
      long expiry, List<Integer> lists, List<Integer> limits, List<List<Integer>> clicks) {}

  /** Declares the keys of the lists and adds the texts of the clicks to {@code texts}. */
  static Additions of(
      List<EnrichedClick> batch,
      int partition,
      ScriptKeys keys,
      RecentClickText form,
      List<String> texts) {
    var newest = new NewestClicks(form, texts);
    for (var enriched : batch.reversed()) { // older ones find their lists full
      if (LiveTally.isHot(enriched) && enriched.click().mode() == TrackingMode.FULL) {
        newest.add(enriched);
      }
    }
    return newest.additions(partition, keys);
  }

  private void add(EnrichedClick enriched) {
    var subject = enriched.click().subject();
    var link = new AnalyticsTarget.LinkTarget(subject.id(), subject.owner());
    var owner = new AnalyticsTarget.OwnerTarget(subject.owner());
    var ofLink = lists.computeIfAbsent(link, _ -> new ArrayList<>(2));
    var ofOwner = lists.computeIfAbsent(owner, _ -> new ArrayList<>());
    var isForLink = ofLink.size() < RecentClicks.most(link);
    var isForOwner = ofOwner.size() < RecentClicks.most(owner);
    if (isForLink || isForOwner) {
      var click = enriched.click();
      texts.add(form.write(click.at(), click.code(), enriched.values()));
      var index = texts.size() + 1; // after the document
      if (isForLink) {
        ofLink.add(index);
      }
      if (isForOwner) {
        ofOwner.add(index);
      }
    }
    newest = Math.max(newest, enriched.loggedAt().getEpochSecond());
  }

  private Additions additions(int partition, ScriptKeys keys) {
    var additions =
        new Additions(
            newest + Retention.NEWEST_CLICKS.toSeconds(),
            new ArrayList<>(lists.size()),
            new ArrayList<>(lists.size()),
            new ArrayList<>(lists.size()));
    lists.forEach(
        (target, clicks) -> {
          additions.lists.add(keys.index(Keys.newest(partition, target)));
          additions.limits.add(RecentClicks.most(target));
          additions.clicks.add(clicks.reversed());
        });
    return additions;
  }
}
