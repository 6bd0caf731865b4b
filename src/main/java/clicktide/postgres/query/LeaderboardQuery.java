package clicktide.postgres.query;

import clicktide.event.OwnerId;
import clicktide.store.AnalyticsTarget;
import java.time.Instant;
import java.util.ArrayList;

/**
 * The statement that answers which links of an owner have most clicks: whole weeks and days of UTC
 * from their aggregates, the ends of the range and dirty days from quarters, what these lack from
 * base rows.
 */
final class LeaderboardQuery {
  /**
   * Sums are double precision, exact to 2^53, because sums of bigint are numeric and cost a third
   * more. Of the week in which the range begins, the days before it are taken away if they are
   * fewer than the others. A week is whole in the statement's own snapshot; one with a day that is
   * taken for dirty is left out, because that day is read otherwise. $11 the first whole day, $12
   * behind the last one, $13 the days whose rows of quarters are taken as a whole, $14 those of
   * which some quarters are read, $15 and $16 the first and the end of these by their numbers, $17
   * how many links.
   */
  private static final String TOP_LINKS =
      """
      WITH whole AS MATERIALIZED (
        SELECT week, through FROM whole_week
        WHERE week >= week_of($11) AND week < $12 AND through <= $12 AND $11 - week < through - $11
          AND NOT EXISTS (SELECT FROM unnest($4::timestamptz[]) AS dirty WHERE dirty >= week AND dirty < through)),
      single AS (
        SELECT day, 1 AS sign FROM generate_series($11::timestamptz, $12::timestamptz - interval '24 hours', '24 hours') AS day
        WHERE day <> ALL ($4::timestamptz[]) AND NOT EXISTS (SELECT FROM whole WHERE day >= week AND day < through)
        UNION ALL
        SELECT day, -1 FROM whole, generate_series(week, $11 - interval '24 hours', '24 hours') AS day),
      part AS (
        SELECT w.link, w.human::float8 AS human, w.bot::float8 AS bot FROM link_week w
        WHERE w.owner = ($1::bigint[])[1] AND w.week = ANY (ARRAY(SELECT week FROM whole))
        UNION ALL
        SELECT d.link, sign * d.human::float8, sign * d.bot::float8 FROM single CROSS JOIN LATERAL (
          SELECT d.link, d.human, d.bot FROM link_day d
          WHERE d.owner = ($1::bigint[])[1] AND d.day = single.day AND d.day >= week_of($11) AND d.day < $12 OFFSET 0) d
        UNION ALL
        SELECT q.link, q.human_sum::float8, q.bot_sum::float8 FROM link_quarter q
        WHERE q.owner = ($1::bigint[])[1] AND q.day = ANY ($13::timestamptz[])
        UNION ALL
        SELECT q.link, s.human, s.bot FROM link_quarter q CROSS JOIN LATERAL (
          SELECT sum(u.human)::float8 AS human, sum(u.bot)::float8 AS bot
          FROM unnest(q.quarter, q.human, q.bot) AS u (quarter, human, bot),
            LATERAL (SELECT date_part('epoch', q.day)::bigint / 900 + u.quarter AS number) n
          WHERE number >= $15 AND number < $16 AND number <> ALL ($5::bigint[])) s
        WHERE q.owner = ($1::bigint[])[1] AND q.day = ANY ($14::timestamptz[]) AND s.human IS NOT NULL
        UNION ALL
        SELECT r.link, r.human::float8, r.bot::float8 FROM %s),
      top AS ( -- first the largest, then their codes: an owner may have many links
        SELECT link, sum(human) AS human, sum(bot) AS bot FROM part
        GROUP BY link HAVING sum(human) + sum(bot) > 0 ORDER BY sum(human) + sum(bot) DESC, link LIMIT $17)
      (SELECT link.code, top.human::bigint AS human, top.bot::bigint AS bot
        FROM top JOIN link ON link.id = top.link ORDER BY top.human + top.bot DESC, link.code)"""
          + CoverageSql.OTHERS;

  private LeaderboardQuery() {}

  static SqlStatement of(OwnerId owner, Instant from, Instant to, Coverage coverage, int limit) {
    var first = earlier(Coverage.ceiling(from, Coverage.DAY), to);
    var lastMidnight = Coverage.floor(to, Coverage.DAY);
    var behindLast = lastMidnight.isBefore(first) ? first : lastMidnight;
    var pieces = new ArrayList<Coverage.Part>();
    pieces.add(new Coverage.Part(from, first));
    coverage.dirtyDays().stream()
        .filter(day -> !day.isBefore(first) && day.isBefore(behindLast))
        .map(Coverage::day)
        .forEach(pieces::add);
    pieces.add(new Coverage.Part(behindLast, to));
    pieces.removeIf(piece -> !piece.from().isBefore(piece.to()));
    var whole = new ArrayList<Instant>();
    var some = new ArrayList<Instant>();
    for (var piece : pieces) {
      var day = Coverage.floor(piece.from(), Coverage.DAY);
      (coverage.isWhole(piece) ? whole : some).add(day);
    }
    var parts = CoverageSql.rest(coverage, pieces);
    var subject = TenantPredicate.of(new AnalyticsTarget.Owner(owner));
    return new SqlStatement(
        TOP_LINKS.formatted(CoverageSql.rows(subject, parts)),
        CoverageSql.parameters(subject, from, to, coverage, parts)
            .addValue(CoverageSql.utc(first))
            .addValue(CoverageSql.utc(behindLast))
            .addValue(CoverageSql.utc(whole))
            .addValue(CoverageSql.utc(some))
            .addValue(CoverageSql.quarter(Coverage.ceiling(from, Coverage.QUARTER)))
            .addValue(CoverageSql.quarter(coverage.endOfQuarters(to)))
            .addValue(limit));
  }

  private static Instant earlier(Instant one, Instant other) {
    return one.isBefore(other) ? one : other;
  }
}
