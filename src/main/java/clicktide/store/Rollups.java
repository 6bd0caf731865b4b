package clicktide.store;

import clicktide.count.Dimension;
import clicktide.count.HumanBotCount;
import clicktide.enrich.Traffic;
import clicktide.event.OwnerId;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.ObjLongConsumer;

/** Reads counted clicks of any past. Each answer comes from one snapshot of the store. */
public interface Rollups {
  /**
   * What to read: clicks in the buckets that begin at {@code bounds}; the last bound ends the last
   * bucket. Bounds are whole minutes, ascending. {@code only}: of the owner's links those with
   * these numbers.
   */
  record RollupQuery(
      AnalyticsTarget whose,
      List<Instant> bounds,
      List<Dimension> dimensions,
      List<Filter> filters,
      Optional<Traffic> traffic,
      Optional<List<Long>> only) {

    public RollupQuery(
        AnalyticsTarget whose,
        List<Instant> bounds,
        List<Dimension> dimensions,
        List<Filter> filters,
        Optional<Traffic> traffic) {
      this(whose, bounds, dimensions, filters, traffic, Optional.empty());
    }
  }

  /** Only, or all but, some values of a dimension. */
  record Filter(Dimension dimension, boolean included, Set<String> values) {}

  /** A bucket by its number from 0, and the values of the asked dimensions in their order. */
  record Key(int bucket, List<String> values) {}

  /**
   * Clicks by bucket and dimension values; combinations without clicks are left out. Fails with
   * {@link TooMany} when there are more of them than can be handled.
   */
  Future<Map<Key, HumanBotCount>> clicks(RollupQuery question);

  /** More combinations than an answer may have. */
  final class TooMany extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public TooMany() {
      super("too many combinations", null, false, false);
    }
  }

  /** Hands every visitor hash to the consumer with the key that it counts for; may repeat some. */
  Future<Void> visitors(RollupQuery question, ObjLongConsumer<Key> visitor);

  /** The links of an owner with most clicks in [from, to), largest first. */
  Future<List<TopLink>> topLinks(OwnerId owner, Instant from, Instant to, int limit);

  /** The numbers of an owner's links that have all of these tags; fails with {@link TooMany}. */
  Future<List<Long>> tagged(OwnerId owner, List<String> tags);

  /** When the first of an owner's links was made; empty if there is none. */
  Future<Optional<Instant>> first(OwnerId owner);

  /** A link's code and its clicks. */
  record TopLink(String code, HumanBotCount clicks) {}

  /** How far all partitions are counted. */
  Future<Freshness> freshness();

  /**
   * How far all is counted, and a number that grows with every write to a day that [from, to)
   * touches: as long as it stays, so do all answers about this range.
   */
  record Written(Freshness freshness, long version) {}

  /** To be asked before the numbers that it stands for. */
  Future<Written> written(Instant from, Instant to);
}
