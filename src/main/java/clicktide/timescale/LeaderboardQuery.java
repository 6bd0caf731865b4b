package clicktide.timescale;

import clicktide.event.OwnerId;
import clicktide.store.Whose;
import java.time.Instant;
import java.util.ArrayList;

/**
 * The statement that answers which links of an owner have most clicks: whole days of UTC from their
 * aggregate, the ends of the range and dirty days from quarters, what these lack from base rows.
 */
final class LeaderboardQuery {
  /**
   * Sums are double precision, exact to 2^53, because sums of bigint are numeric and cost a third
   * more. $11 the first whole day, $12 behind the last one, $13 the days whose rows of quarters are
   * taken as a whole, $14 those of which some quarters are read, $15 and $16 the first and the end
   * of these by their numbers, $17 how many links.
   */
  private static final String TOP_LINKS =
      """
      WITH part AS (
        SELECT d.link, d.human::float8 AS human, d.bot::float8 AS bot FROM link_day d
        WHERE d.owner = ($1::bigint[])[1] AND d.day >= $11 AND d.day < $12 AND d.day <> ALL ($4::timestamptz[])
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
        GROUP BY link ORDER BY sum(human) + sum(bot) DESC, link LIMIT $17)
      (SELECT link.code, top.human::bigint AS human, top.bot::bigint AS bot
        FROM top JOIN link ON link.id = top.link ORDER BY top.human + top.bot DESC, link.code)"""
          + CoveredQuery.OTHERS;

  private LeaderboardQuery() {}

  static Query of(OwnerId owner, Instant from, Instant to, Coverage coverage, int limit) {
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
    var parts = CoveredQuery.rest(coverage, pieces);
    var subject = Subject.of(new Whose.Owner(owner));
    return new Query(
        TOP_LINKS.formatted(CoveredQuery.rows(subject, parts)),
        CoveredQuery.parameters(subject, from, to, coverage, parts)
            .addValue(CoveredQuery.utc(first))
            .addValue(CoveredQuery.utc(behindLast))
            .addValue(CoveredQuery.utc(whole))
            .addValue(CoveredQuery.utc(some))
            .addValue(CoveredQuery.quarter(Coverage.ceiling(from, Coverage.QUARTER)))
            .addValue(CoveredQuery.quarter(coverage.endOfQuarters(to)))
            .addValue(limit));
  }

  private static Instant earlier(Instant one, Instant other) {
    return one.isBefore(other) ? one : other;
  }
}
