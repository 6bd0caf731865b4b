package clicktide.redis;

import clicktide.bus.LiveIncrement;
import clicktide.count.HumanBotCount;
import clicktide.count.LiveTally;
import clicktide.count.Outcome;
import clicktide.enrich.EnrichedClick;
import clicktide.event.Minute;
import clicktide.event.OwnerId;
import clicktide.store.Batch;
import clicktide.store.Retention;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Makes calls of {@code apply.lua}, which applies one batch. */
final class ApplyScript {
  private final Batch batch;
  private final String channel;
  private final NewestClicks newest;
  private final ScriptKeys keys = new ScriptKeys();
  private final Map<Minute, Map<OwnerId, OwnerAdditions>> owners = new LinkedHashMap<>();
  private final List<LiveIncrement.Increment> increments = new ArrayList<>();

  private ApplyScript(Batch batch, String channel, NewestClicks newest) {
    this.batch = batch;
    this.channel = channel;
    this.newest = newest;
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
      Collection<MinuteAdditions> minutes,
      NewestClicks.Additions newest) {}

  private record Ids(int key, long expiry, List<String> members) {}

  private record MinuteAdditions(
      long minute, long expiry, int human, int bot, Collection<OwnerAdditions> owners) {}

  private record OwnerAdditions(
      int key, int hour, List<String> links, List<Long> human, List<Long> bot) {}

  /**
   * {@code channel} gets the increments. {@code last} is the broker's time of the newest event.
   * {@code ids} are remembered as counted. {@code newest} is for this batch only.
   */
  static ScriptCall of(
      Batch batch,
      String channel,
      NewestClicks newest,
      Instant last,
      List<EnrichedClick> clicks,
      List<Outcome.Reclassified> reclassifications,
      List<String> ids) {
    return new ApplyScript(batch, channel, newest).call(last, clicks, reclassifications, ids);
  }

  private ScriptCall call(
      Instant last,
      List<EnrichedClick> clicks,
      List<Outcome.Reclassified> reclassifications,
      List<String> ids) {
    var partition = batch.partition();
    LiveTally.of(clicks, reclassifications).forEach(this::add);
    var texts = new ArrayList<String>();
    texts.add(IncrementMessage.write(increment()));
    var additions = newest.additions(clicks, last, partition, keys, texts);
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
            owners.entrySet().stream().map(this::minute).toList(),
            additions);
    return new ScriptCall("apply", keys, document, texts);
  }

  private void add(LiveTally.LinkMinute cell, HumanBotCount clicks) {
    var owner =
        owners
            .computeIfAbsent(cell.minute(), _ -> new LinkedHashMap<>())
            .computeIfAbsent(cell.owner(), found -> owner(cell.minute(), found));
    owner.links.add(Long.toString(cell.link()));
    owner.human.add(clicks.human());
    owner.bot.add(clicks.bot());
    if (clicks.total() != 0) {
      increments.add(
          new LiveIncrement.Increment(cell.link(), cell.owner(), cell.minute(), clicks.total()));
    }
  }

  private OwnerAdditions owner(Minute minute, OwnerId owner) {
    return new OwnerAdditions(
        keys.index(Keys.owner(batch.partition(), owner, minute)),
        keys.index(Keys.hour(batch.partition(), owner)),
        new ArrayList<>(),
        new ArrayList<>(),
        new ArrayList<>());
  }

  private MinuteAdditions minute(Map.Entry<Minute, Map<OwnerId, OwnerAdditions>> additions) {
    var minute = additions.getKey();
    return new MinuteAdditions(
        minute.number(),
        minute.start().plus(Retention.LIVE_MINUTES).getEpochSecond(),
        keys.index(Keys.human(batch.partition(), minute)),
        keys.index(Keys.bot(batch.partition(), minute)),
        additions.getValue().values());
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
