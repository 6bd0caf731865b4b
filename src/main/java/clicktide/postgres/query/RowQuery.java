package clicktide.postgres.query;

import clicktide.count.Dimension;
import clicktide.store.Rollups.RollupQuery;
import io.vertx.sqlclient.Tuple;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The statements that answer a question from base rows. Columns and tables in its text come from
 * {@link Dimension} alone; whatever a user sent travels as a parameter.
 */
final class RowQuery {
  private static final String CLICKS =
      """
      SELECT q.bucket, q.human, q.bot%s FROM (
        SELECT width_bucket(minute, $2) AS bucket%s, sum(human)::bigint AS human, sum(bot)::bigint AS bot
        FROM click_row r WHERE %s AND minute >= $3 AND minute < $4%s GROUP BY 1%2$s LIMIT 100001) q%s""";

  private static final String VISITORS =
      """
      SELECT q.bucket, q.visitors%s FROM (
        SELECT width_bucket(minute, $2) AS bucket, visitors%s
        FROM click_row r WHERE %s AND minute >= $3 AND minute < $4%s) q%s""";

  private RowQuery() {}

  /** {@code ids} are the numbers of the values of each filter. */
  static SqlStatement clicks(RollupQuery question, List<Integer[]> ids) {
    return of(question, CLICKS, ids);
  }

  static SqlStatement visitors(RollupQuery question, List<Integer[]> ids) {
    return of(question, VISITORS, ids);
  }

  private static SqlStatement of(RollupQuery question, String template, List<Integer[]> ids) {
    var dimensions = question.dimensions();
    var values =
        IntStream.range(0, dimensions.size())
            .mapToObj(", d%d.value"::formatted)
            .collect(Collectors.joining());
    var columns =
        dimensions.stream()
            .map(dimension -> ", " + dimension.column())
            .collect(Collectors.joining());
    var joins =
        IntStream.range(0, dimensions.size())
            .mapToObj(
                i ->
                    " JOIN dimension_value d%d ON d%1$d.id = q.%s"
                        .formatted(i, dimensions.get(i).column()))
            .collect(Collectors.joining());
    return new SqlStatement(
        template.formatted(
            values, columns, TenantPredicate.of(question).ofRows(), conditions(question), joins),
        parameters(question, ids));
  }

  private static String conditions(RollupQuery question) {
    var text = new StringBuilder();
    question
        .traffic()
        .ifPresent(
            traffic ->
                text.append(
                    switch (traffic) {
                      case HUMAN -> " AND human <> 0"; // a verdict takes some away
                      case BOT -> " AND bot <> 0";
                    }));
    var parameter = 5;
    for (var filter : question.filters()) {
      var is = filter.included() ? "= ANY" : "<> ALL"; // columnstore looks at many rows at once
      text.append(
          " AND %s %s ($%d::int[])".formatted(filter.dimension().column(), is, parameter++));
    }
    return text.toString();
  }

  private static Tuple parameters(RollupQuery question, List<Integer[]> ids) {
    var bounds = question.bounds().stream().map(at -> at.atOffset(ZoneOffset.UTC)).toList();
    var parameters =
        Tuple.of(
            TenantPredicate.of(question).parameter(),
            bounds.toArray(java.time.OffsetDateTime[]::new),
            bounds.getFirst(),
            bounds.getLast());
    ids.forEach(parameters::addValue);
    return parameters;
  }
}
