package clicktide.postgres.query;

import clicktide.postgres.SqlStatement;
import clicktide.store.Rollups.RollupQuery;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * The statements that sum clicks from aggregates. Days of UTC are read if every bound is a midnight
 * of UTC. Quarters are read otherwise; they make up the hours and days of every time zone. Dirty
 * days are summed from their quarters, and uncovered parts of quarters from base rows.
 */
final class AggregateQuery {
  private static final CoverageSql DAYS =
      new CoverageSql(
          """
          SELECT width_bucket(day, :bounds) AS bucket, sum(human)::bigint AS human, sum(bot)::bigint AS bot
          FROM (
            -- clean days: one row each
            SELECT d.day, d.human, d.bot FROM {aggregate}_day d
            WHERE d.owner = :owner {and_links}
              AND d.day >= :from AND d.day < :to AND d.day <> ALL (:dirty_days::timestamptz[])
            UNION ALL
            -- dirty days: their quarters, except for dirty quarters (numbered from 1970; 900 s each)
            SELECT q.day, u.human, u.bot
            FROM {aggregate}_quarter q, unnest(q.quarter, q.human, q.bot) AS u (quarter, human, bot)
            WHERE q.owner = :owner {and_links} AND q.day = ANY (:dirty_days::timestamptz[])
              AND date_part('epoch', q.day)::bigint / 900 + u.quarter <> ALL (:dirty_quarters::bigint[])
            UNION ALL
            -- minutes that no quarter covers: base rows
            SELECT date_trunc('day', r.minute, 'UTC'), r.human, r.bot FROM {rows}) days
          GROUP BY 1
          {changed}""");

  /** Bounds are numbers of quarters here, and {@code :from} is a midnight of UTC. */
  private static final CoverageSql QUARTERS =
      new CoverageSql(
          """
          SELECT width_bucket(at, :bounds) AS bucket, sum(human)::bigint AS human, sum(bot)::bigint AS bot
          FROM (
            -- a row holds the quarters of a day, from 0 to 95; first numbers them from 1970 (900 s each)
            SELECT d.first + u.quarter AS at, u.human, u.bot
            FROM (
              SELECT date_part('epoch', q.day)::bigint / 900 AS first, q.quarter, q.human, q.bot
              FROM {aggregate}_quarter q
              WHERE q.owner = :owner {and_links} AND q.day >= :from AND q.day < :to) d,
              unnest(d.quarter, d.human, d.bot) AS u (quarter, human, bot)
            WHERE d.first + u.quarter <> ALL (:dirty_quarters::bigint[])
            UNION ALL
            -- minutes that no quarter covers: base rows
            SELECT date_part('epoch', r.minute)::bigint / 900, r.human, r.bot FROM {rows}) quarters
          WHERE at >= (:bounds::bigint[])[1] AND at < (:bounds::bigint[])[cardinality(:bounds::bigint[])]
          GROUP BY 1
          {changed}""");

  private AggregateQuery() {}

  /** Returns true if aggregates can answer the query; if not, only base rows can. */
  static boolean covers(RollupQuery query) {
    return query.dimensions().isEmpty()
        && query.filters().isEmpty()
        && isWhole(query.bounds(), Coverage.QUARTER);
  }

  private static boolean isWhole(List<Instant> bounds, Duration unit) {
    return bounds.stream().allMatch(at -> Coverage.floor(at, unit).equals(at));
  }

  static SqlStatement of(RollupQuery query, Coverage coverage) {
    var bounds = query.bounds();
    var from = firstDay(query);
    var to = bounds.getLast();
    var isOfDays = isWhole(bounds, Coverage.DAY);
    var fromQuarters =
        isOfDays
            ? coverage.dirtyDays().stream().map(Coverage::day).toList()
            : List.of(new Coverage.Span(bounds.getFirst(), to));
    var parts = CoverageSql.uncovered(coverage, fromQuarters);
    return (isOfDays ? DAYS : QUARTERS)
        .call(TenantPredicate.of(query), from, to, coverage, parts)
        .with("bounds", isOfDays ? CoverageSql.utc(bounds) : CoverageSql.quarters(bounds));
  }

  /** Returns the begin of the day of UTC in which the range begins. */
  static Instant firstDay(RollupQuery query) {
    return Coverage.floor(query.bounds().getFirst(), Coverage.DAY);
  }
}
