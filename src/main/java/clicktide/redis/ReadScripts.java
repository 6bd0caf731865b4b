package clicktide.redis;

import clicktide.count.LiveTally;
import clicktide.event.Minute;
import clicktide.event.OwnerId;
import clicktide.store.AnalyticsTarget;
import clicktide.store.Retention;
import java.util.List;
import java.util.function.LongFunction;
import java.util.stream.LongStream;

/** Makes calls of the scripts that read the hot hour of one partition. Ranges are [from, to). */
final class ReadScripts {
  /**
   * The minutes before an hour that its sums may still hold. The sums expire 69 minutes after the
   * start of their first minute, and a query reads the hour of the running minute. So the first
   * minute is at most 9 minutes before that hour, or 10 if the clocks differ by a minute. The
   * script makes older sums anew.
   */
  private static final int MINUTES_BEFORE =
      Math.toIntExact(Retention.LIVE_MINUTES.toMinutes()) - LiveTally.MINUTES;

  private ReadScripts() {}

  private record LinkDocument(int fence, String link, List<MinuteKeys> minutes) {}

  private record LinksDocument(int fence, List<String> links, List<TrafficKeys> minutes) {}

  private record OwnerDocument(int fence, List<MinuteKeys> minutes) {}

  private record HourDocument(
      int fence, int hour, long first, long after, long expiry, List<OwnerKey> minutes) {}

  private record TrafficKeys(long minute, int human, int bot) {}

  private record MinuteKeys(long minute, int owner, int human, int bot) {}

  private record OwnerKey(long minute, int owner) {}

  /** Reads the minutes of a link. */
  static ScriptCall link(int partition, AnalyticsTarget.LinkTarget link, Minute from, Minute to) {
    var keys = new ScriptKeys();
    var fence = keys.index(Keys.fence(partition));
    var minutes = minutes(keys, partition, link.owner(), from, to);
    return new ScriptCall("link", keys, new LinkDocument(fence, Long.toString(link.id()), minutes));
  }

  /** Reads the sums of at least one link. */
  static ScriptCall links(int partition, List<Long> links, Minute from, Minute to) {
    var keys = new ScriptKeys();
    var fence = keys.index(Keys.fence(partition));
    var ids = links.stream().map(String::valueOf).toList();
    var minutes = traffic(keys, partition, from, to);
    return new ScriptCall("links", keys, new LinksDocument(fence, ids, minutes));
  }

  /** Reads the minutes of all links of an owner. */
  static ScriptCall owner(int partition, OwnerId owner, Minute from, Minute to) {
    var keys = new ScriptKeys();
    var fence = keys.index(Keys.fence(partition));
    var minutes = minutes(keys, partition, owner, from, to);
    return new ScriptCall("owner", keys, new OwnerDocument(fence, minutes));
  }

  /** Reads the sums of the 60 minutes from {@code first} on, by link of an owner. */
  static ScriptCall hour(int partition, OwnerId owner, Minute first) {
    var keys = new ScriptKeys();
    var after = first.plus(LiveTally.MINUTES);
    var minutes =
        each(
            first.plus(-MINUTES_BEFORE),
            after.lastAhead().plus(1),
            minute ->
                new OwnerKey(minute, keys.index(Keys.owner(partition, owner, new Minute(minute)))));
    var document =
        new HourDocument(
            keys.index(Keys.fence(partition)),
            keys.index(Keys.hour(partition, owner)),
            first.number(),
            after.number(),
            first.start().plus(Retention.LIVE_SUMS).getEpochSecond(),
            minutes);
    return new ScriptCall("hour", keys, document);
  }

  private static List<MinuteKeys> minutes(
      ScriptKeys keys, int partition, OwnerId owner, Minute from, Minute to) {
    return each(
        from,
        to,
        minute ->
            new MinuteKeys(
                minute,
                keys.index(Keys.owner(partition, owner, new Minute(minute))),
                keys.index(Keys.human(partition, new Minute(minute))),
                keys.index(Keys.bot(partition, new Minute(minute)))));
  }

  private static List<TrafficKeys> traffic(ScriptKeys keys, int partition, Minute from, Minute to) {
    return each(
        from,
        to,
        minute ->
            new TrafficKeys(
                minute,
                keys.index(Keys.human(partition, new Minute(minute))),
                keys.index(Keys.bot(partition, new Minute(minute)))));
  }

  private static <T> List<T> each(Minute from, Minute to, LongFunction<T> made) {
    return LongStream.range(from.number(), to.number()).mapToObj(made).toList();
  }
}
