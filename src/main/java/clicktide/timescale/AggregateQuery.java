package clicktide.timescale;

import clicktide.store.Rollups.Question;
import clicktide.store.Whose;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;

/**
 * The statement that answers a question about sums from the aggregates: days of UTC where every
 * bound is one, else quarters, of which the hours and days of every zone consist. Days that were
 * known to be dirty are summed from base rows in the same statement; where others have become dirty
 * since, it has a row without a bucket, and has to be asked again. (In one statement that looks for
 * dirty days itself, the planner cannot tell which chunks are read, and plans all of them.)
 */
final class AggregateQuery {
  private static final long DAY_SECONDS = 86_400;
  private static final long QUARTER_SECONDS = 900;

  /** A scan for each day costs some milliseconds, since it knows all chunks. */
  static final int FEW_DAYS = 16;

  private static final String OTHERS =
      """

      UNION ALL
      SELECT NULL, NULL, NULL
      WHERE EXISTS (SELECT FROM dirty_day WHERE day >= $5 AND day < $4 AND day <> ALL ($6::timestamptz[]))""";

  /** $5 the begin of the first day, $6 the dirty days, $7 and $8 the span of them. */
  private static final String DAYS =
      """
      SELECT width_bucket(day, $2) AS bucket, sum(human)::bigint AS human, sum(bot)::bigint AS bot
      FROM (
        SELECT d.day, d.human, d.bot FROM %1$s_day d
        WHERE d.%1$s = $1 AND d.day >= $3 AND d.day < $4 AND d.day <> ALL ($6::timestamptz[])
        UNION ALL
        SELECT x.day, r.human, r.bot FROM %2$s) days
      GROUP BY 1"""
          + OTHERS;

  /** The same, but $2 are numbers of quarters since 1970. */
  private static final String QUARTERS =
      """
      SELECT width_bucket(at, $2) AS bucket, sum(human)::bigint AS human, sum(bot)::bigint AS bot
      FROM (
        SELECT d.first + u.quarter AS at, u.human, u.bot
        FROM (
          SELECT extract(epoch FROM q.day)::bigint / 900 AS first, q.quarter, q.human, q.bot FROM %1$s_quarter q
          WHERE q.%1$s = $1 AND q.day >= $5 AND q.day < $4 AND q.day <> ALL ($6::timestamptz[])) d,
          unnest(d.quarter, d.human, d.bot) AS u (quarter, human, bot)
        UNION ALL
        SELECT extract(epoch FROM r.minute)::bigint / 900, r.human, r.bot FROM %2$s) quarters
      WHERE at >= ($2::bigint[])[1] AND at < ($2::bigint[])[cardinality($2::bigint[])]
      GROUP BY 1"""
          + OTHERS;

  /** A scan for each of a few dirty days, that is a chunk: nothing between them is touched. */
  private static final String ROWS_OF_FEW_DAYS =
      """
      unnest($6::timestamptz[]) AS x (day) CROSS JOIN LATERAL (
          SELECT r.minute, r.human, r.bot FROM click_row r
          WHERE %s AND r.minute >= x.day AND r.minute < x.day + interval '24 hours'
            AND r.minute >= $7 AND r.minute < $8 OFFSET 0) r""";

  /** One scan of everything from the first dirty day to the last one, where they are many. */
  private static final String ROWS_OF_MANY_DAYS =
      """
      click_row r CROSS JOIN LATERAL (SELECT date_trunc('day', r.minute, 'UTC') AS day) x
        WHERE %s AND r.minute >= $7 AND r.minute < $8 AND x.day = ANY ($6::timestamptz[])""";

  private AggregateQuery() {}

  /** Whether the aggregates have it; if not, only base rows can answer it. */
  static boolean answers(Question question) {
    return question.dimensions().isEmpty()
        && question.filters().isEmpty()
        && isWhole(question.bounds(), QUARTER_SECONDS);
  }

  private static boolean isWhole(List<Instant> bounds, long seconds) {
    return bounds.stream().allMatch(at -> at.getEpochSecond() % seconds == 0);
  }

  /** {@code dirty} are the dirty days of the range. */
  static Query of(Question question, List<Instant> dirty) {
    var subject =
        switch (question.whose()) {
          case Whose.Link _ -> "link";
          case Whose.Owner _ -> "owner";
        };
    var bounds = question.bounds();
    var isOfDays = isWhole(bounds, DAY_SECONDS);
    var rows =
        (dirty.size() > FEW_DAYS ? ROWS_OF_MANY_DAYS : ROWS_OF_FEW_DAYS)
            .formatted(RowQuery.of(question.whose()));
    var first = dirty.isEmpty() ? bounds.getFirst() : dirty.getFirst();
    var end = dirty.isEmpty() ? first : dirty.getLast().plusSeconds(DAY_SECONDS);
    var parameters =
        Tuple.of(
            RowQuery.number(question.whose()),
            isOfDays
                ? bounds.stream().map(AggregateQuery::utc).toArray(OffsetDateTime[]::new)
                : bounds.stream()
                    .map(at -> at.getEpochSecond() / QUARTER_SECONDS)
                    .toArray(Long[]::new),
            utc(bounds.getFirst()),
            utc(bounds.getLast()),
            utc(firstDay(question)),
            dirty.stream().map(AggregateQuery::utc).toArray(OffsetDateTime[]::new));
    return new Query(
        (isOfDays ? DAYS : QUARTERS).formatted(subject, rows),
        parameters.addValue(utc(first)).addValue(utc(end)));
  }

  /** The begin of the day of UTC in which the range begins. */
  static Instant firstDay(Question question) {
    var from = question.bounds().getFirst().getEpochSecond();
    return Instant.ofEpochSecond(from / DAY_SECONDS * DAY_SECONDS);
  }

  private static OffsetDateTime utc(Instant at) {
    return at.atOffset(ZoneOffset.UTC);
  }
}
