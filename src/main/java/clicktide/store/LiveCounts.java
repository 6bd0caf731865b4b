package clicktide.store;

import clicktide.count.HumanBotCount;
import clicktide.event.Minute;
import clicktide.event.OwnerId;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The counts of the hot hour, by minute of event time. */
public interface LiveCounts {
  /** Reads the minutes of one link in [from, to); minutes without clicks are left out. */
  Future<Snapshot> link(AnalyticsTarget.LinkTarget link, Minute from, Minute to);

  /** Reads the minutes of all links of an owner in [from, to). */
  Future<Snapshot> owner(OwnerId owner, Minute from, Minute to);

  /** Reads the links of an owner with most clicks in the 60 minutes from {@code first} on. */
  Future<Hour> hour(OwnerId owner, Minute first, int limit);

  /** Links by number, and the watermark over all partitions. */
  record Hour(Freshness freshness, Map<Long, HumanBotCount> links) {}

  /** Reads the minutes of a target in [from, to). */
  default Future<Snapshot> minutes(AnalyticsTarget target, Minute from, Minute to) {
    return switch (target) {
      case AnalyticsTarget.LinkTarget link -> link(link, from, to);
      case AnalyticsTarget.OwnerTarget owner -> owner(owner.owner(), from, to);
    };
  }

  /**
   * The minutes of some links. Each partition has the next offset that is not counted yet, so that
   * increments can be added without a gap or an overlap.
   */
  record Snapshot(List<PartitionPosition> parts, Map<Long, Map<Minute, HumanBotCount>> links) {
    /** The state of one partition at the time of the read. */
    public record PartitionPosition(
        int partition, String incarnation, long next, Instant watermark, Set<Long> silent) {}

    /** Returns the sums over all links. */
    public Map<Minute, HumanBotCount> sums() {
      var sums = new HashMap<Minute, HumanBotCount>();
      for (var minutes : links.values()) {
        minutes.forEach((minute, clicks) -> sums.merge(minute, clicks, HumanBotCount::plus));
      }
      return sums;
    }

    /** Returns the watermark over all partitions. */
    public Freshness freshness() {
      var watermark = parts.stream().map(PartitionPosition::watermark).min(Instant::compareTo);
      var silent = parts.stream().flatMap(part -> part.silent().stream());
      return new Freshness(
          watermark.orElse(Instant.EPOCH), silent.collect(Collectors.toSet()), parts.size());
    }
  }
}
