package clicktide.redis;

import clicktide.bus.LiveIncrement;
import clicktide.count.HumanBotCount;
import clicktide.count.LiveTally;
import clicktide.enrich.EnrichedClick;
import clicktide.enrich.Reclassification;
import clicktide.event.Minute;
import clicktide.event.OwnerId;
import clicktide.store.Batch;
import clicktide.store.Retention;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Makes calls of {@code apply.lua}, which applies one batch. */
final class ApplyScript {
  private final Batch batch;
  private final String channel;
  private final RecentClickText recentClicks;
  private final ScriptKeys keys = new ScriptKeys();
  private final Map<Minute, MinuteAdditions> minutes = new TreeMap<>();
  private final List<LiveIncrement.Increment> increments = new ArrayList<>();

  private ApplyScript(Batch batch, String channel, RecentClickText recentClicks) {
    this.batch = batch;
    this.channel = channel;
    this.recentClicks = recentClicks;
  }

  private record ApplyArgument(
      int fence,
      String incarnation,
      String epoch,
      String from,
      String to,
      String state,
      String silent,
      EndedNodeFields ended,
      String watermark,
      String channel,
      Ids ids,
      List<Additions> traffic,
      List<OwnerAdditions> owners,
      List<NewestClicks.ListAddition> newest) {}

  private record Ids(int key, long expiry, List<String> members) {}

  /** Additions to one sorted set: its links, and the clicks of each. */
  private record Additions(int key, long expiry, List<String> links, List<Long> clicks) {
    private Additions(int key, long expiry) {
      this(key, expiry, new ArrayList<>(), new ArrayList<>());
    }

    private void add(String link, long more) {
      if (more != 0) {
        links.add(link);
        clicks.add(more);
      }
    }
  }

  private record OwnerAdditions(
      int key, long expiry, long minute, int hour, List<String> links, List<Long> clicks) {}

  /** The additions of one minute. */
  private record MinuteAdditions(
      Additions human, Additions bot, Map<OwnerId, OwnerAdditions> owners) {}

  /**
   * {@code channel} gets the increments. {@code last} is the broker's time of the newest event.
   * {@code ids} are remembered as counted.
   */
  static ScriptCall of(
      Batch batch,
      String channel,
      RecentClickText recentClicks,
      Instant last,
      List<EnrichedClick> clicks,
      List<Reclassification> reclassifications,
      List<String> ids) {
    return new ApplyScript(batch, channel, recentClicks).call(last, clicks, reclassifications, ids);
  }

  private ScriptCall call(
      Instant last,
      List<EnrichedClick> clicks,
      List<Reclassification> reclassifications,
      List<String> ids) {
    var partition = batch.partition();
    LiveTally.of(clicks, reclassifications).forEach(this::add);
    var texts = new ArrayList<String>();
    texts.add(IncrementMessage.write(increment()));
    var newest = NewestClicks.of(clicks).additions(partition, keys, recentClicks, texts);
    var document =
        new ApplyArgument(
            keys.index(Keys.fence(partition)),
            batch.token().incarnation(),
            Long.toString(batch.token().epoch()),
            Long.toString(batch.from()),
            Long.toString(batch.to()),
            batch.reached().state(),
            silent(),
            EndedNodeFields.of(batch.reached().ended()),
            Long.toString(batch.reached().watermark().toEpochMilli()),
            channel,
            new Ids(keys.index(Keys.ids(partition, last)), idsExpiry(last), ids),
            minutes.values().stream()
                .flatMap(minute -> Stream.of(minute.human, minute.bot))
                .filter(additions -> !additions.links.isEmpty())
                .toList(),
            minutes.values().stream().flatMap(minute -> minute.owners.values().stream()).toList(),
            newest);
    return new ScriptCall("apply", keys, document, texts);
  }

  private void add(LiveTally.LinkMinute cell, HumanBotCount clicks) {
    var link = Long.toString(cell.link());
    var additions = minutes.computeIfAbsent(cell.minute(), this::minute);
    additions.human.add(link, clicks.human());
    additions.bot.add(link, clicks.bot());
    var owner =
        additions.owners.computeIfAbsent(cell.owner(), found -> owner(cell.minute(), found));
    owner.links.add(link); // also if the total stays, because a query finds its links here
    owner.clicks.add(clicks.total());
    if (clicks.total() != 0) {
      increments.add(
          new LiveIncrement.Increment(cell.link(), cell.owner(), cell.minute(), clicks.total()));
    }
  }

  private MinuteAdditions minute(Minute minute) {
    return new MinuteAdditions(
        new Additions(keys.index(Keys.human(batch.partition(), minute)), expiry(minute)),
        new Additions(keys.index(Keys.bot(batch.partition(), minute)), expiry(minute)),
        new HashMap<>());
  }

  private OwnerAdditions owner(Minute minute, OwnerId owner) {
    return new OwnerAdditions(
        keys.index(Keys.owner(batch.partition(), owner, minute)),
        expiry(minute),
        minute.number(),
        keys.index(Keys.hour(batch.partition(), owner)),
        new ArrayList<>(),
        new ArrayList<>());
  }

  private static long expiry(Minute minute) {
    return minute.start().plus(Retention.LIVE_MINUTES).getEpochSecond();
  }

  private static long idsExpiry(Instant last) {
    return last.plus(Retention.LIVE_IDS).plus(Duration.ofHours(1)).getEpochSecond();
  }

  private LiveIncrement increment() {
    return new LiveIncrement(
        batch.token().incarnation(),
        batch.partition(),
        batch.from(),
        batch.to(),
        batch.reached().watermark(),
        increments);
  }

  private String silent() {
    return batch.reached().silent().stream().map(String::valueOf).collect(Collectors.joining(","));
  }
}
