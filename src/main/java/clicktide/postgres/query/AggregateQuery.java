package clicktide.postgres.query;

import clicktide.store.Rollups.RollupQuery;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * The statement that answers a question about sums from the aggregates: days of UTC where every
 * bound is one, else quarters, of which the hours and days of every zone consist. Dirty days are
 * summed from their quarters, what quarters lack from base rows.
 */
final class AggregateQuery {
  /** $11 the bounds. */
  private static final String DAYS =
      """
      SELECT width_bucket(day, $11) AS bucket, sum(human)::bigint AS human, sum(bot)::bigint AS bot
      FROM (
        SELECT d.day, d.human, d.bot FROM %1$s_day d
        WHERE d.%3$s AND d.day >= $2 AND d.day < $3 AND d.day <> ALL ($4::timestamptz[])
        UNION ALL
        SELECT q.day, u.human, u.bot FROM %1$s_quarter q, unnest(q.quarter, q.human, q.bot) AS u (quarter, human, bot)
        WHERE q.%3$s AND q.day = ANY ($4::timestamptz[])
          AND date_part('epoch', q.day)::bigint / 900 + u.quarter <> ALL ($5::bigint[])
        UNION ALL
        SELECT date_trunc('day', r.minute, 'UTC'), r.human, r.bot FROM %2$s) days
      GROUP BY 1"""
          + CoverageSql.OTHERS;

  /** The same, but $11 are numbers of quarters since 1970; $2 begins a day. */
  private static final String QUARTERS =
      """
      SELECT width_bucket(at, $11) AS bucket, sum(human)::bigint AS human, sum(bot)::bigint AS bot
      FROM (
        SELECT d.first + u.quarter AS at, u.human, u.bot
        FROM (
          SELECT date_part('epoch', q.day)::bigint / 900 AS first, q.quarter, q.human, q.bot FROM %1$s_quarter q
          WHERE q.%3$s AND q.day >= $2 AND q.day < $3) d,
          unnest(d.quarter, d.human, d.bot) AS u (quarter, human, bot)
        WHERE d.first + u.quarter <> ALL ($5::bigint[])
        UNION ALL
        SELECT date_part('epoch', r.minute)::bigint / 900, r.human, r.bot FROM %2$s) quarters
      WHERE at >= ($11::bigint[])[1] AND at < ($11::bigint[])[cardinality($11::bigint[])]
      GROUP BY 1"""
          + CoverageSql.OTHERS;

  private AggregateQuery() {}

  /** Whether the aggregates have it; if not, only base rows can answer it. */
  static boolean answers(RollupQuery question) {
    return question.dimensions().isEmpty()
        && question.filters().isEmpty()
        && isWhole(question.bounds(), Coverage.QUARTER);
  }

  private static boolean isWhole(List<Instant> bounds, Duration unit) {
    return bounds.stream().allMatch(at -> Coverage.floor(at, unit).equals(at));
  }

  static SqlStatement of(RollupQuery question, Coverage coverage) {
    var subject = TenantPredicate.of(question);
    var bounds = question.bounds();
    var from = firstDay(question);
    var to = bounds.getLast();
    var isOfDays = isWhole(bounds, Coverage.DAY);
    var pieces =
        isOfDays
            ? coverage.dirtyDays().stream().map(Coverage::day).toList()
            : List.of(new Coverage.Part(bounds.getFirst(), to));
    var parts = CoverageSql.rest(coverage, pieces);
    var rows = CoverageSql.rows(subject, parts);
    return new SqlStatement(
        (isOfDays ? DAYS : QUARTERS).formatted(subject.aggregates(), rows, subject.ofAggregates()),
        CoverageSql.parameters(subject, from, to, coverage, parts)
            .addValue(isOfDays ? CoverageSql.utc(bounds) : CoverageSql.quarters(bounds)));
  }

  /** The begin of the day of UTC in which the range begins. */
  static Instant firstDay(RollupQuery question) {
    return Coverage.floor(question.bounds().getFirst(), Coverage.DAY);
  }
}
