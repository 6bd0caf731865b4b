package clicktide.redis;

import clicktide.event.Identity;
import clicktide.event.Minute;
import clicktide.event.OwnerId;
import clicktide.store.AnalyticsTarget;
import java.time.Instant;

/**
 * The names of keys. Those of one partition of the log share a hash tag, so that one script reaches
 * them all on a cluster, too.
 */
final class Keys {
  /** Where batch scripts publish their increments. */
  static final String CHANNEL = "ct:counted";

  /** The set of partitions that have a fence. */
  static final String PARTITIONS = "ct:partitions";

  private Keys() {}

  static String prefix(int partition) {
    return "ct:{%d}:".formatted(partition);
  }

  static String fence(int partition) {
    return prefix(partition) + "fence";
  }

  /** A sorted set: clicks of people by link. */
  static String human(int partition, Minute minute) {
    return prefix(partition) + "human:" + minute.number();
  }

  /** A sorted set: clicks of machines by link. */
  static String bot(int partition, Minute minute) {
    return prefix(partition) + "bot:" + minute.number();
  }

  /** A sorted set: all clicks of an owner's links. */
  static String owner(int partition, OwnerId owner, Minute minute) {
    return prefix(partition) + "owner:" + owner.number() + ":" + minute.number();
  }

  /** A sorted set: the sums of an owner's hour by link, see {@code hour.lua}. */
  static String hour(int partition, OwnerId owner) {
    return prefix(partition) + "hour:" + owner.number();
  }

  /** A list: the newest clicks of a link or an owner, newest first. */
  static String newest(int partition, AnalyticsTarget whose) {
    return prefix(partition)
        + switch (whose) {
          case AnalyticsTarget.LinkTarget link ->
              "newest:" + link.id() + ":" + link.owner().number();
          case AnalyticsTarget.OwnerTarget owner -> "newest:" + owner.owner().number();
        };
  }

  /** A set: ids of collectors' events that the broker got in the hour of an instant. */
  static String ids(int partition, Instant loggedAt) {
    return prefix(partition) + "ids:" + hour(loggedAt);
  }

  /** What such a set holds of an id. */
  static String id(Identity.Collected id) {
    return Long.toHexString(id.high()) + Long.toHexString(id.low());
  }

  static long hour(Instant at) {
    return at.getEpochSecond() / 3_600;
  }
}
