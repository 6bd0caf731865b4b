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

/** Reads the hot hour: minutes by event time. */
public interface LiveCounts {
  /** The minutes of one link in [from, to); minutes without clicks are left out. */
  Future<Snapshot> link(long link, Minute from, Minute to);

  /** The minutes of all links of an owner in [from, to). */
  Future<Snapshot> owner(OwnerId owner, Minute from, Minute to);

  /** The links of an owner with most clicks in the 60 minutes from {@code first} on. */
  Future<Hour> hour(OwnerId owner, Minute first, int limit);

  /** Links by number, and how far all partitions are counted. */
  record Hour(Freshness freshness, Map<Long, HumanBotCount> links) {}

  /** The minutes in [from, to). */
  default Future<Snapshot> minutes(AnalyticsTarget whose, Minute from, Minute to) {
    return switch (whose) {
      case AnalyticsTarget.Link link -> link(link.id(), from, to);
      case AnalyticsTarget.Owner owner -> owner(owner.owner(), from, to);
    };
  }

  /**
   * One picture for each partition. {@code next} is the position up to which it counts, so that
   * increments can be added to it without a gap or an overlap.
   */
  record Snapshot(List<Part> parts, Map<Long, Map<Minute, HumanBotCount>> links) {
    /** The state of one partition when it was read. */
    public record Part(
        int partition, String incarnation, long next, Instant through, Set<Long> silent) {}

    /** The sums of all links. */
    public Map<Minute, HumanBotCount> sums() {
      var sums = new HashMap<Minute, HumanBotCount>();
      for (var minutes : links.values()) {
        minutes.forEach((minute, clicks) -> sums.merge(minute, clicks, HumanBotCount::plus));
      }
      return sums;
    }

    /** How far all partitions are counted. */
    public Freshness freshness() {
      var through = parts.stream().map(Part::through).min(Instant::compareTo);
      var silent = parts.stream().flatMap(part -> part.silent().stream());
      return new Freshness(
          through.orElse(Instant.EPOCH), silent.collect(Collectors.toSet()), parts.size());
    }
  }
}
