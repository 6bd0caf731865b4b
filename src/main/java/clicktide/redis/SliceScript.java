package clicktide.redis;

import clicktide.bus.Counted;
import clicktide.count.LiveTally;
import clicktide.enrich.Moved;
import clicktide.enrich.Visit;
import clicktide.event.Minute;
import clicktide.store.Slice;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** What the script that applies a slice is called with, in the order that it says. */
record SliceScript(List<String> keys, List<String> arguments) {
  private static final long KEPT_SECONDS = Duration.ofMinutes(LiveTally.MINUTES + 10).toSeconds();

  /** {@code last} is the broker's time of the newest event; {@code ids} are those to remember. */
  static SliceScript of(
      Slice slice, Instant last, List<Visit> visits, List<Moved> moved, List<String> ids) {
    var keys = new ArrayList<String>();
    keys.add(Keys.fence(slice.partition()));
    keys.add(Keys.ids(slice.partition(), last));
    var arguments = new ArrayList<String>();
    arguments.add(slice.tenure().incarnation());
    arguments.add(Long.toString(slice.tenure().epoch()));
    arguments.add(Long.toString(slice.from()));
    arguments.add(Long.toString(slice.to()));
    arguments.add(Long.toString(slice.reached().through().toEpochMilli()));
    arguments.add(slice.reached().progress());
    arguments.add(silent(slice));
    arguments.add(Keys.CHANNEL);
    var increments = new ArrayList<Counted.Increment>();
    var writes = new ArrayList<String>();
    LiveTally.of(visits, moved)
        .forEach(
            (cell, clicks) -> {
              var partition = slice.partition();
              var link = Long.toString(cell.link());
              var expiry = expiry(cell.minute());
              add(keys, writes, Keys.human(partition, cell.minute()), link, clicks.human(), expiry);
              add(keys, writes, Keys.bot(partition, cell.minute()), link, clicks.bot(), expiry);
              var owner = Keys.owner(partition, cell.owner(), cell.minute());
              keys.add(owner); // also when the total stays: who asks for the owner finds links here
              writes.addAll(List.of(link, Long.toString(clicks.total()), expiry));
              if (clicks.total() != 0) {
                increments.add(
                    new Counted.Increment(
                        cell.link(), cell.owner(), cell.minute(), clicks.total()));
              }
            });
    arguments.add(CountedText.write(counted(slice, increments)));
    arguments.add(Long.toString(last.getEpochSecond() + (RedisLiveSink.ID_HOURS + 1) * 3_600L));
    arguments.add(Integer.toString(ids.size()));
    arguments.add(Integer.toString(keys.size() - 2));
    arguments.addAll(ids);
    arguments.addAll(writes);
    var newest = NewestClicks.of(visits);
    keys.addAll(newest.keys(slice.partition()));
    arguments.addAll(newest.arguments());
    return new SliceScript(keys, arguments);
  }

  private static void add(
      List<String> keys, List<String> writes, String key, String link, long by, String expiry) {
    if (by != 0) {
      keys.add(key);
      writes.addAll(List.of(link, Long.toString(by), expiry));
    }
  }

  private static Counted counted(Slice slice, List<Counted.Increment> increments) {
    return new Counted(
        slice.tenure().incarnation(),
        slice.partition(),
        slice.from(),
        slice.to(),
        slice.reached().through(),
        increments);
  }

  private static String silent(Slice slice) {
    return slice.reached().silent().stream().map(String::valueOf).collect(Collectors.joining(","));
  }

  private static String expiry(Minute minute) {
    return Long.toString(minute.start().getEpochSecond() + KEPT_SECONDS);
  }
}
