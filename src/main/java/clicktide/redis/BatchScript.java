package clicktide.redis;

import clicktide.bus.LiveIncrement;
import clicktide.count.LiveTally;
import clicktide.enrich.EnrichedClick;
import clicktide.enrich.Reclassification;
import clicktide.event.Minute;
import clicktide.store.Batch;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** What the script that applies a batch is called with, in the order that it says. */
record BatchScript(List<String> keys, List<String> arguments) {
  private static final long KEPT_SECONDS = Duration.ofMinutes(LiveTally.MINUTES + 10).toSeconds();

  /** {@code last} is the broker's time of the newest event; {@code ids} are those to remember. */
  static BatchScript of(
      Batch batch,
      Instant last,
      List<EnrichedClick> visits,
      List<Reclassification> moved,
      List<String> ids) {
    var keys = new ArrayList<String>();
    keys.add(Keys.fence(batch.partition()));
    keys.add(Keys.ids(batch.partition(), last));
    var arguments = new ArrayList<String>();
    arguments.add(batch.token().incarnation());
    arguments.add(Long.toString(batch.token().epoch()));
    arguments.add(Long.toString(batch.from()));
    arguments.add(Long.toString(batch.to()));
    arguments.add(Long.toString(batch.reached().through().toEpochMilli()));
    arguments.add(batch.reached().progress());
    arguments.add(silent(batch));
    arguments.add(Keys.CHANNEL);
    var increments = new ArrayList<LiveIncrement.Increment>();
    var writes = new ArrayList<String>();
    LiveTally.of(visits, moved)
        .forEach(
            (cell, clicks) -> {
              var partition = batch.partition();
              var link = Long.toString(cell.link());
              var expiry = expiry(cell.minute());
              add(keys, writes, Keys.human(partition, cell.minute()), link, clicks.human(), expiry);
              add(keys, writes, Keys.bot(partition, cell.minute()), link, clicks.bot(), expiry);
              var owner = Keys.owner(partition, cell.owner(), cell.minute());
              keys.add(owner); // also when the total stays: who asks for the owner finds links here
              writes.addAll(List.of(link, Long.toString(clicks.total()), expiry));
              if (clicks.total() != 0) {
                increments.add(
                    new LiveIncrement.Increment(
                        cell.link(), cell.owner(), cell.minute(), clicks.total()));
              }
            });
    arguments.add(CountedText.write(counted(batch, increments)));
    arguments.add(Long.toString(last.getEpochSecond() + (RedisLiveSink.ID_HOURS + 1) * 3_600L));
    arguments.add(Integer.toString(ids.size()));
    arguments.add(Integer.toString(keys.size() - 2));
    arguments.addAll(ids);
    arguments.addAll(writes);
    var newest = NewestClicks.of(visits);
    keys.addAll(newest.keys(batch.partition()));
    arguments.addAll(newest.arguments());
    return new BatchScript(keys, arguments);
  }

  private static void add(
      List<String> keys, List<String> writes, String key, String link, long by, String expiry) {
    if (by != 0) {
      keys.add(key);
      writes.addAll(List.of(link, Long.toString(by), expiry));
    }
  }

  private static LiveIncrement counted(Batch batch, List<LiveIncrement.Increment> increments) {
    return new LiveIncrement(
        batch.token().incarnation(),
        batch.partition(),
        batch.from(),
        batch.to(),
        batch.reached().through(),
        increments);
  }

  private static String silent(Batch batch) {
    return batch.reached().silent().stream().map(String::valueOf).collect(Collectors.joining(","));
  }

  private static String expiry(Minute minute) {
    return Long.toString(minute.start().getEpochSecond() + KEPT_SECONDS);
  }
}
