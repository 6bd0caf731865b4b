package clicktide.store;

import clicktide.count.HumanBotCount;
import clicktide.enrich.Dimension;
import clicktide.enrich.Traffic;
import clicktide.event.OwnerId;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.ObjLongConsumer;
import java.util.function.Supplier;

/** The counted clicks of any past range. Each read sees one snapshot of the store. */
public interface Rollups {
  /**
   * The clicks to read: those of a target in the buckets that begin at {@code bounds}. The last
   * bound ends the last bucket. Bounds are whole minutes, ascending. Where {@code links} are given,
   * only the owner's links with these numbers count.
   */
  record RollupQuery(
      AnalyticsTarget target,
      List<Instant> bounds,
      List<Dimension> dimensions,
      List<Filter> filters,
      Optional<Traffic> traffic,
      Optional<List<Long>> links) {

    /** Returns a query for all clicks of a target. */
    public static RollupQuery of(AnalyticsTarget target, List<Instant> bounds) {
      return new RollupQuery(
          target, bounds, List.of(), List.of(), Optional.empty(), Optional.empty());
    }

    public RollupQuery withBounds(List<Instant> others) {
      return new RollupQuery(target, others, dimensions, filters, traffic, links);
    }

    public RollupQuery withDimensions(List<Dimension> others) {
      return new RollupQuery(target, bounds, others, filters, traffic, links);
    }

    public RollupQuery withFilters(List<Filter> others) {
      return new RollupQuery(target, bounds, dimensions, others, traffic, links);
    }

    /** Returns the same query with one filter more. */
    public RollupQuery withFilter(Filter another) {
      var all = new ArrayList<>(filters);
      all.add(another);
      return withFilters(all);
    }

    public RollupQuery withTraffic(Optional<Traffic> other) {
      return new RollupQuery(target, bounds, dimensions, filters, other, links);
    }

    /** Returns the same query for some of the owner's links. */
    public RollupQuery withLinks(List<Long> some) {
      return new RollupQuery(target, bounds, dimensions, filters, traffic, Optional.of(some));
    }
  }

  /** A condition on a dimension: its value is one of these, or, excluded, none of these. */
  record Filter(Dimension dimension, boolean included, Set<String> values) {}

  /** A bucket by its number from 0, and the values of the query's dimensions in their order. */
  record CountKey(int bucket, List<String> values) {}

  /** The result of a read with a bounded number of rows. */
  sealed interface Result<T> {
    /** All rows. */
    record Complete<T>(T rows) implements Result<T> {}

    /** More rows than a result may have. None of them is returned. */
    record TooMany<T>() implements Result<T> {}

    /** Returns the same result with other rows, if it has rows. */
    default <R> Result<R> map(Function<T, R> function) {
      return switch (this) {
        case Complete<T>(var rows) -> new Complete<>(function.apply(rows));
        case TooMany<T> _ -> new TooMany<>();
      };
    }

    /** Returns the rows, or throws what the caller makes of too many. */
    default T orElseThrow(Supplier<? extends RuntimeException> tooMany) {
      return switch (this) {
        case Complete<T>(var rows) -> rows;
        case TooMany<T> _ -> throw tooMany.get();
      };
    }
  }

  /** Reads clicks by bucket and dimension values; combinations without clicks are left out. */
  Future<Result<Map<CountKey, HumanBotCount>>> clicks(RollupQuery query);

  /**
   * Passes every visitor hash to the consumer, with its key; some may be passed twice. An exception
   * of the consumer ends the read, and the future fails with it.
   */
  Future<Void> visitors(RollupQuery query, ObjLongConsumer<CountKey> visitor);

  /** Reads the links of an owner with most clicks in [from, to), largest first. */
  Future<List<TopLink>> topLinks(OwnerId owner, Instant from, Instant to, int limit);

  /** Reads the numbers of an owner's links that have all of these tags. */
  Future<Result<List<Long>>> tagged(OwnerId owner, List<String> tags);

  /** Reads the creation time of an owner's oldest link; empty if the owner has no link. */
  Future<Optional<Instant>> first(OwnerId owner);

  /** The code of a link and its clicks. */
  record TopLink(String code, HumanBotCount clicks) {}

  /** Reads the watermark over all partitions. */
  Future<Freshness> freshness();

  /**
   * The watermark, and a text that changes with every write to a day that [from, to) touches, and
   * if the store may have lost writes. While the text stays, results for this range stay.
   */
  record Written(Freshness freshness, String version) {}

  /** Reads the version of a range. To be read before the results that it is kept with. */
  Future<Written> written(Instant from, Instant to);
}
