package clicktide.redis;

import clicktide.count.LiveTally;
import clicktide.enrich.EnrichedClick;
import clicktide.event.TrackingMode;
import clicktide.store.AnalyticsTarget;
import clicktide.store.RecentClicks;
import clicktide.store.Retention;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Makes the additions of one batch to the lists of newest clicks of its links and owners. A text
 * that clicks refer to is sent only if Redis may lack it.
 */
final class NewestClicks {
  private final SharedTexts shared;
  private final SentTexts sent;
  private final Map<AnalyticsTarget, List<String>> lists = new HashMap<>(); // newest first
  private final List<String> texts = new ArrayList<>(); // each after its id

  NewestClicks(SharedTexts shared, SentTexts sent) {
    this.shared = shared;
    this.sent = sent;
  }

  /** The additions. The head of {@code apply.lua} describes them. */
  record Additions(
      long expiry,
      int texts,
      int earlierTexts,
      long day,
      long textsExpiry,
      int entries,
      List<Integer> lists,
      List<Integer> limits) {}

  /**
   * Declares the keys, and adds texts and entries to the arguments of the script, which begin with
   * the document. {@code last} is the broker's time of the newest event.
   */
  Additions additions(
      List<EnrichedClick> clicks,
      Instant last,
      int partition,
      ScriptKeys keys,
      List<String> arguments) {
    var day = TimeUnit.SECONDS.toDays(last.getEpochSecond());
    for (var enriched : clicks.reversed()) { // older ones find their lists full
      if (LiveTally.isHot(enriched) && enriched.click().mode() == TrackingMode.FULL) {
        add(enriched, day);
      }
    }
    arguments.addAll(texts);
    var additions =
        new Additions(
            last.plus(Retention.NEWEST_CLICKS).getEpochSecond(),
            keys.index(Keys.texts(partition)),
            keys.index(Keys.earlierTexts(partition)),
            day,
            TimeUnit.DAYS.toSeconds(day) + Retention.NEWEST_CLICK_TEXTS.toSeconds(),
            arguments.size() + 2, // counted from 1, after the document
            new ArrayList<>(lists.size()),
            new ArrayList<>(lists.size()));
    lists.forEach(
        (target, entries) -> {
          additions.lists.add(keys.index(Keys.newest(partition, target)));
          additions.limits.add(RecentClicks.most(target) * ClickEntry.WIDTH);
          arguments.add(String.join("", entries.reversed()));
        });
    return additions;
  }

  private void add(EnrichedClick enriched, long day) {
    var subject = enriched.click().subject();
    var link = new AnalyticsTarget.LinkTarget(subject.id(), subject.owner());
    var owner = new AnalyticsTarget.OwnerTarget(subject.owner());
    var ofLink = lists.computeIfAbsent(link, _ -> new ArrayList<>(2));
    var ofOwner = lists.computeIfAbsent(owner, _ -> new ArrayList<>());
    var isForLink = ofLink.size() < RecentClicks.most(link);
    var isForOwner = ofOwner.size() < RecentClicks.most(owner);
    if (isForLink || isForOwner) {
      var values = shared.values(enriched.values());
      send(day, values);
      var click = enriched.click();
      var entry = ClickEntry.write(click.at(), code(click.code(), day), values);
      if (isForLink) {
        ofLink.add(entry);
      }
      if (isForOwner) {
        ofOwner.add(entry);
      }
    }
  }

  private String code(String code, long day) {
    if (ClickEntry.holds(code)) {
      return code;
    }
    var text = shared.code(code);
    send(day, text);
    return ClickEntry.reference(text);
  }

  private void send(long day, SharedText text) {
    if (sent.add(day, text)) {
      texts.add(text.digits());
      texts.add(text.text());
    }
  }
}
