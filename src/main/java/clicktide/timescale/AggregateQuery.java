package clicktide.timescale;

import clicktide.store.Rollups.Question;
import clicktide.store.Whose;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;

/**
 * The statement that answers a question about sums from the aggregates: days of UTC where every
 * bound is one, else quarters, of which the hours and days of every zone consist. Dirty days are
 * summed from base rows in the same statement, and so in one snapshot.
 */
final class AggregateQuery {
  private static final long DAY_SECONDS = 86_400;
  private static final long QUARTER_SECONDS = 900;

  private static final String DAYS =
      """
      SELECT width_bucket(day, $2) AS bucket, sum(human)::bigint AS human, sum(bot)::bigint AS bot
      FROM (
        SELECT d.day, d.human, d.bot FROM %1$s_day d
        WHERE d.%1$s = $1 AND d.day >= $3 AND d.day < $4
          AND NOT EXISTS (SELECT FROM dirty_day x WHERE x.day = d.day)
        UNION ALL
        SELECT x.day, r.human, r.bot FROM dirty_day x
        JOIN click_row r ON %2$s AND r.minute >= x.day AND r.minute < x.day + interval '24 hours'
        WHERE x.day >= $3 AND x.day < $4) days
      GROUP BY 1""";

  /** $2 are numbers of quarters since 1970, $5 the begin of the first day. */
  private static final String QUARTERS =
      """
      SELECT width_bucket(at, $2) AS bucket, sum(human)::bigint AS human, sum(bot)::bigint AS bot
      FROM (
        SELECT d.first + u.quarter AS at, u.human, u.bot
        FROM (
          SELECT extract(epoch FROM q.day)::bigint / 900 AS first, q.quarter, q.human, q.bot FROM %1$s_quarter q
          WHERE q.%1$s = $1 AND q.day >= $5 AND q.day < $4
            AND NOT EXISTS (SELECT FROM dirty_day x WHERE x.day = q.day)) d,
          unnest(d.quarter, d.human, d.bot) AS u (quarter, human, bot)
        UNION ALL
        SELECT extract(epoch FROM r.minute)::bigint / 900, r.human, r.bot FROM dirty_day x
        JOIN click_row r ON %2$s AND r.minute >= greatest(x.day, $3) AND r.minute < least(x.day + interval '24 hours', $4)
        WHERE x.day >= $5 AND x.day < $4) quarters
      WHERE at >= ($2::bigint[])[1] AND at < ($2::bigint[])[cardinality($2::bigint[])]
      GROUP BY 1""";

  private AggregateQuery() {}

  /** Empty if only base rows can answer it. */
  static Optional<Query> of(Question question) {
    if (!question.dimensions().isEmpty() || !question.filters().isEmpty()) {
      return Optional.empty();
    }
    if (isWhole(question.bounds(), DAY_SECONDS)) {
      return Optional.of(new Query(text(DAYS, question), RowQuery.clicks(question).parameters()));
    }
    return isWhole(question.bounds(), QUARTER_SECONDS)
        ? Optional.of(new Query(text(QUARTERS, question), quarters(question)))
        : Optional.empty();
  }

  private static boolean isWhole(List<Instant> bounds, long seconds) {
    return bounds.stream().allMatch(at -> at.getEpochSecond() % seconds == 0);
  }

  private static String text(String template, Question question) {
    var subject =
        switch (question.whose()) {
          case Whose.Link _ -> "link";
          case Whose.Owner _ -> "owner";
        };
    return template.formatted(subject, RowQuery.of(question.whose()));
  }

  private static Tuple quarters(Question question) {
    var bounds = question.bounds();
    var from = bounds.getFirst();
    var firstDay = Instant.ofEpochSecond(from.getEpochSecond() / DAY_SECONDS * DAY_SECONDS);
    return Tuple.of(
        RowQuery.number(question.whose()),
        bounds.stream().map(at -> at.getEpochSecond() / QUARTER_SECONDS).toArray(Long[]::new),
        from.atOffset(ZoneOffset.UTC),
        bounds.getLast().atOffset(ZoneOffset.UTC),
        firstDay.atOffset(ZoneOffset.UTC));
  }
}
