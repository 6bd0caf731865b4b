package clicktide.timescale;

import clicktide.event.OwnerId;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/**
 * The statement that answers which links of an owner have most clicks: whole days of UTC from the
 * aggregate, the ends of the range and days that were known to be dirty from base rows. Where
 * others have become dirty since, it has a row without a code, and has to be asked again.
 */
final class LeaderboardQuery {
  private static final Duration DAY = Duration.ofDays(1);

  /**
   * $2 the first whole day, $3 behind the last one, $4 the dirty days, $5 and $6 the begins and
   * ends of what is read from rows, $7 and $8 the span of that, $9 how many links.
   */
  private static final String TOP_LINKS =
      """
      WITH part AS (
        SELECT d.link, d.human, d.bot FROM link_day d
        WHERE d.owner = $1 AND d.day >= $2 AND d.day < $3 AND d.day <> ALL ($4::timestamptz[])
        UNION ALL
        SELECT r.link, r.human, r.bot FROM %s),
      top AS ( -- first the largest, then their codes: an owner may have many links
        SELECT link, sum(human) AS human, sum(bot) AS bot FROM part
        GROUP BY link ORDER BY sum(human) + sum(bot) DESC, link LIMIT $9)
      (SELECT link.code, top.human::bigint AS human, top.bot::bigint AS bot
        FROM top JOIN link ON link.id = top.link ORDER BY top.human + top.bot DESC, link.code)
      UNION ALL
      SELECT NULL, NULL, NULL
      WHERE EXISTS (SELECT FROM dirty_day WHERE day >= $2 AND day < $3 AND day <> ALL ($4::timestamptz[]))""";

  private static final String OWN =
      "r.owner = $1 AND r.link IN (SELECT id FROM link WHERE owner = $1) AND r.minute >= $7 AND r.minute < $8";

  /** A scan for each of a few parts: nothing between them is touched. */
  private static final String ROWS_OF_FEW_PARTS =
      """
      unnest($5::timestamptz[], $6::timestamptz[]) AS x (lo, hi) CROSS JOIN LATERAL (
          SELECT r.link, r.human, r.bot FROM click_row r
          WHERE %s AND r.minute >= x.lo AND r.minute < x.hi OFFSET 0) r"""
          .formatted(OWN);

  private static final String ROWS_OF_MANY_PARTS =
      """
      click_row r
        WHERE %s AND EXISTS (
          SELECT FROM unnest($5::timestamptz[], $6::timestamptz[]) AS x (lo, hi)
          WHERE r.minute >= x.lo AND r.minute < x.hi)"""
          .formatted(OWN);

  private LeaderboardQuery() {}

  /** Whole days that come from the aggregate where they are not dirty; empty if there is none. */
  record Days(Instant first, Instant behindLast) {
    static Days of(Instant from, Instant to) {
      var first = from.equals(floor(from)) ? from : floor(from).plus(DAY);
      return first.isBefore(floor(to)) ? new Days(first, floor(to)) : new Days(to, to);
    }

    private static Instant floor(Instant at) {
      return Instant.ofEpochSecond(at.getEpochSecond() / DAY.toSeconds() * DAY.toSeconds());
    }
  }

  static Query of(
      OwnerId owner, Instant from, Instant to, Days days, List<Instant> dirty, int limit) {
    var begins = new ArrayList<Instant>();
    var ends = new ArrayList<Instant>();
    if (from.isBefore(days.first)) {
      begins.add(from);
      ends.add(days.first);
    }
    for (var day : dirty) {
      begins.add(day);
      ends.add(day.plus(DAY));
    }
    if (days.behindLast.isBefore(to)) {
      begins.add(days.behindLast);
      ends.add(to);
    }
    var parameters =
        Tuple.of(
            owner.number(),
            utc(days.first),
            utc(days.behindLast),
            utc(dirty),
            utc(begins),
            utc(ends));
    return new Query(
        TOP_LINKS.formatted(
            dirty.size() > AggregateQuery.FEW_DAYS ? ROWS_OF_MANY_PARTS : ROWS_OF_FEW_PARTS),
        parameters
            .addValue(utc(begins.isEmpty() ? from : begins.getFirst()))
            .addValue(utc(ends.isEmpty() ? from : ends.getLast()))
            .addValue(limit));
  }

  private static OffsetDateTime[] utc(List<Instant> times) {
    return times.stream().map(LeaderboardQuery::utc).toArray(OffsetDateTime[]::new);
  }

  private static OffsetDateTime utc(Instant at) {
    return at.atOffset(ZoneOffset.UTC);
  }
}
