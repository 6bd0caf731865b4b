package clicktide.redis;

import clicktide.event.Identity;
import clicktide.event.Minute;
import clicktide.event.OwnerId;
import clicktide.store.AnalyticsTarget;
import java.time.Instant;

/**
 * The names of keys, before {@link RedisServers#named} adds the name of the deployment. All keys of
 * one partition share a hash tag, so one script reaches them on a cluster.
 */
final class Keys {
  /** The channel on which batch scripts publish their increments. */
  static final String CHANNEL = "ct:counted";

  /** The set of partitions that have a fence. */
  static final String PARTITIONS = "ct:partitions";

  private Keys() {}

  private static String prefix(int partition) {
    return "ct:{" + partition + "}:";
  }

  /** A hash: the position of a partition and its fencing token. */
  static String fence(int partition) {
    return prefix(partition) + "fence";
  }

  /** A sorted set: clicks of humans by link. */
  static String human(int partition, Minute minute) {
    return prefix(partition) + "human:" + minute.number();
  }

  /** A sorted set: clicks of bots by link. */
  static String bot(int partition, Minute minute) {
    return prefix(partition) + "bot:" + minute.number();
  }

  /** A sorted set: all clicks of an owner, by link. */
  static String owner(int partition, OwnerId owner, Minute minute) {
    return prefix(partition) + "owner:" + owner.number() + ":" + minute.number();
  }

  /** A sorted set: the sums of an owner's hour by link, see {@code hour.lua}. */
  static String hour(int partition, OwnerId owner) {
    return prefix(partition) + "hour:" + owner.number();
  }

  /** A text: the newest clicks of a link or an owner as {@link ClickEntry}s, newest last. */
  static String newest(int partition, AnalyticsTarget target) {
    return prefix(partition) + "clicks:" + text(target);
  }

  /**
   * Returns the key of the list that earlier versions wrote, newest first. It is only read, because
   * such lists live for a day after an upgrade. The release after the next one can drop it.
   */
  static String earlierNewest(int partition, AnalyticsTarget target) {
    return prefix(partition) + "newest:" + text(target);
  }

  private static String text(AnalyticsTarget target) {
    return switch (target) {
      case AnalyticsTarget.LinkTarget link -> link.id() + ":" + link.owner().number();
      case AnalyticsTarget.OwnerTarget owner -> Long.toString(owner.owner().number());
    };
  }

  /** A hash: texts that newest clicks refer to, by id. */
  static String texts(int partition) {
    return prefix(partition) + "texts";
  }

  /** A hash: texts that were in {@link #texts} on an earlier day, or before it was full. */
  static String earlierTexts(int partition) {
    return prefix(partition) + "texts:earlier";
  }

  /** A set: ids of collected events that the broker stored in the hour of an instant. */
  static String ids(int partition, Instant loggedAt) {
    return prefix(partition) + "ids:" + loggedAt.getEpochSecond() / 3_600;
  }

  /**
   * A hash: the uses of each process in the open window of a limit. One script reads many of them.
   */
  static String limit(String limit, String key) {
    return "ct:{limit:%s}:%s".formatted(limit, key);
  }

  /** Returns the member of such a set for an id: 32 hexadecimal digits. */
  static String id(Identity.Collected id) {
    return "%016x%016x".formatted(id.high(), id.low());
  }

  /**
   * Returns the member that earlier versions wrote for an id, where two ids could share one text.
   * It is only read, because such members live for three hours after an upgrade. The release after
   * the first one with padded ids can drop it.
   */
  static String unpaddedId(Identity.Collected id) {
    return Long.toHexString(id.high()) + Long.toHexString(id.low());
  }
}
