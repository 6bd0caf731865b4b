package clicktide.redis;

import clicktide.bus.LiveIncrement;
import clicktide.count.HumanBotCount;
import clicktide.count.LiveTally;
import clicktide.enrich.EnrichedClick;
import clicktide.enrich.Reclassification;
import clicktide.store.Batch;
import clicktide.store.Retention;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Makes calls of {@code apply.lua}, which applies one batch. */
final class ApplyScript {
  private final Batch batch;
  private final String channel;
  private final ScriptKeys keys = new ScriptKeys();
  private final List<Addition> traffic = new ArrayList<>();
  private final List<OwnerAddition> owners = new ArrayList<>();
  private final List<LiveIncrement.Increment> increments = new ArrayList<>();

  private ApplyScript(Batch batch, String channel) {
    this.batch = batch;
    this.channel = channel;
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
      String message,
      Ids ids,
      List<Addition> traffic,
      List<OwnerAddition> owners,
      List<NewestClicks.ListAddition> newest) {}

  private record Ids(int key, long expiry, List<String> members) {}

  private record Addition(int key, String link, long clicks, long expiry) {}

  private record OwnerAddition(
      int key, String link, long clicks, long expiry, long minute, int hour) {}

  /**
   * {@code channel} gets the increments. {@code last} is the broker's time of the newest event.
   * {@code ids} are remembered as counted.
   */
  static ScriptCall of(
      Batch batch,
      String channel,
      Instant last,
      List<EnrichedClick> clicks,
      List<Reclassification> reclassifications,
      List<String> ids) {
    return new ApplyScript(batch, channel).call(last, clicks, reclassifications, ids);
  }

  private ScriptCall call(
      Instant last,
      List<EnrichedClick> clicks,
      List<Reclassification> reclassifications,
      List<String> ids) {
    var partition = batch.partition();
    LiveTally.of(clicks, reclassifications).forEach(this::add);
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
            IncrementMessage.write(increment()),
            new Ids(keys.index(Keys.ids(partition, last)), idsExpiry(last), ids),
            traffic,
            owners,
            NewestClicks.of(clicks).additions(partition, keys));
    return new ScriptCall("apply", keys, document);
  }

  private void add(LiveTally.LinkMinute cell, HumanBotCount clicks) {
    var partition = batch.partition();
    var minute = cell.minute();
    var link = Long.toString(cell.link());
    var expiry = minute.start().plus(Retention.LIVE_MINUTES).getEpochSecond();
    add(Keys.human(partition, minute), link, clicks.human(), expiry);
    add(Keys.bot(partition, minute), link, clicks.bot(), expiry);
    owners.add( // also if the total stays, because a query of the owner finds its links here
        new OwnerAddition(
            keys.index(Keys.owner(partition, cell.owner(), minute)),
            link,
            clicks.total(),
            expiry,
            minute.number(),
            keys.index(Keys.hour(partition, cell.owner()))));
    if (clicks.total() != 0) {
      increments.add(
          new LiveIncrement.Increment(cell.link(), cell.owner(), minute, clicks.total()));
    }
  }

  private void add(String key, String link, long clicks, long expiry) {
    if (clicks != 0) {
      traffic.add(new Addition(keys.index(key), link, clicks, expiry));
    }
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
