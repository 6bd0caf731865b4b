package clicktide.postgres.query;

import clicktide.event.OwnerId;
import clicktide.postgres.SqlStatement;
import clicktide.store.AnalyticsTarget;
import java.time.Instant;
import java.util.ArrayList;

/**
 * The statement that sums the clicks of an owner's links: whole weeks and days of UTC from their
 * aggregates, the ends of the range and dirty days from quarters, uncovered parts from base rows.
 */
final class LeaderboardQuery {
  private static final CoverageSql TOP_LINKS =
      new CoverageSql(
          """
          -- Weeks that are read whole, as this snapshot has them. The week in which the range begins may be one of
          -- them, if fewer of its days lie before the range than in it. A week with a dirty day is none.
          WITH whole AS MATERIALIZED (
            SELECT week, through FROM whole_week
            WHERE week >= week_of(:first_day) AND week < :end_day AND through <= :end_day
              AND :first_day - week < through - :first_day
              AND NOT EXISTS (
                SELECT FROM unnest(:dirty_days::timestamptz[]) AS dirty WHERE dirty >= week AND dirty < through)),
          -- Clean days that no whole week holds are added (sign 1). Days of a whole week that lie before the range
          -- are subtracted (sign -1).
          single AS (
            SELECT day, 1 AS sign
            FROM generate_series(:first_day::timestamptz, :end_day::timestamptz - interval '24 hours', '24 hours') AS day
            WHERE day <> ALL (:dirty_days::timestamptz[])
              AND NOT EXISTS (SELECT FROM whole WHERE day >= week AND day < through)
            UNION ALL
            SELECT day, -1 FROM whole, generate_series(week, :first_day - interval '24 hours', '24 hours') AS day),
          -- Sums are double precision, exact up to 2^53: sums of bigint are numeric and cost a third more.
          part AS (
            SELECT w.link, w.human::float8 AS human, w.bot::float8 AS bot FROM link_week w
            WHERE w.owner = :owner AND w.week = ANY (ARRAY(SELECT week FROM whole))
            UNION ALL
            SELECT d.link, sign * d.human::float8, sign * d.bot::float8 FROM single CROSS JOIN LATERAL (
              SELECT d.link, d.human, d.bot FROM link_day d
              WHERE d.owner = :owner AND d.day = single.day
                AND d.day >= week_of(:first_day) AND d.day < :end_day OFFSET 0) d
            UNION ALL
            -- days of which all quarters are read
            SELECT q.link, q.human_sum::float8, q.bot_sum::float8 FROM link_quarter q
            WHERE q.owner = :owner AND q.day = ANY (:whole_days::timestamptz[])
            UNION ALL
            -- days of which some quarters are read; quarters are numbered from 1970, 900 seconds each
            SELECT q.link, s.human, s.bot FROM link_quarter q CROSS JOIN LATERAL (
              SELECT sum(u.human)::float8 AS human, sum(u.bot)::float8 AS bot
              FROM unnest(q.quarter, q.human, q.bot) AS u (quarter, human, bot),
                LATERAL (SELECT date_part('epoch', q.day)::bigint / 900 + u.quarter AS number) n
              WHERE number >= :first_quarter AND number < :end_quarter
                AND number <> ALL (:dirty_quarters::bigint[])) s
            WHERE q.owner = :owner AND q.day = ANY (:partial_days::timestamptz[]) AND s.human IS NOT NULL
            UNION ALL
            -- minutes that no quarter covers: base rows
            SELECT r.link, r.human::float8, r.bot::float8 FROM {rows}),
          -- The largest first, and their codes later, because an owner may have many links.
          top AS (
            SELECT link, sum(human) AS human, sum(bot) AS bot FROM part
            GROUP BY link HAVING sum(human) + sum(bot) > 0
            ORDER BY sum(human) + sum(bot) DESC, link LIMIT :limit)
          (SELECT link.code, top.human::bigint AS human, top.bot::bigint AS bot
            FROM top JOIN link ON link.id = top.link ORDER BY top.human + top.bot DESC, link.code)
          {changed}""");

  private LeaderboardQuery() {}

  static SqlStatement of(OwnerId owner, Instant from, Instant to, Coverage coverage, int limit) {
    var firstDay = earlier(Coverage.ceiling(from, Coverage.DAY), to);
    var lastMidnight = Coverage.floor(to, Coverage.DAY);
    var endDay = lastMidnight.isBefore(firstDay) ? firstDay : lastMidnight;
    var fromQuarters = new ArrayList<Coverage.Span>();
    fromQuarters.add(new Coverage.Span(from, firstDay));
    coverage.dirtyDays().stream()
        .filter(day -> !day.isBefore(firstDay) && day.isBefore(endDay))
        .map(Coverage::day)
        .forEach(fromQuarters::add);
    fromQuarters.add(new Coverage.Span(endDay, to));
    fromQuarters.removeIf(part -> !part.from().isBefore(part.to()));
    var wholeDays = new ArrayList<Instant>();
    var partialDays = new ArrayList<Instant>();
    for (var part : fromQuarters) {
      var day = Coverage.floor(part.from(), Coverage.DAY);
      (coverage.isWhole(part) ? wholeDays : partialDays).add(day);
    }
    var tenant = TenantPredicate.of(new AnalyticsTarget.OwnerTarget(owner));
    return TOP_LINKS
        .call(tenant, from, to, coverage, CoverageSql.uncovered(coverage, fromQuarters))
        .with("first_day", CoverageSql.utc(firstDay))
        .with("end_day", CoverageSql.utc(endDay)) // the day after the last one
        .with("whole_days", CoverageSql.utc(wholeDays))
        .with("partial_days", CoverageSql.utc(partialDays))
        .with("first_quarter", CoverageSql.quarter(Coverage.ceiling(from, Coverage.QUARTER)))
        .with("end_quarter", CoverageSql.quarter(coverage.endOfQuarters(to)))
        .with("limit", limit);
  }

  private static Instant earlier(Instant one, Instant other) {
    return one.isBefore(other) ? one : other;
  }
}
