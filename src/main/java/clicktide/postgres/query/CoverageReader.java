package clicktide.postgres.query;

import clicktide.event.OwnerId;
import clicktide.postgres.OwnersView;
import clicktide.store.Unavailable;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.ArrayList;
import java.util.function.Function;

/** Asks questions that have to know what the aggregates hold. */
final class CoverageReader {
  private static final int AGAIN = 5; // what they hold changes a few times a minute

  private static final String COVERAGE =
      """
      SELECT 'day' AS what, day AS at FROM dirty_day WHERE day >= $1::timestamptz AND day < $2
      UNION ALL
      SELECT DISTINCT 'quarter', date_bin('15 minutes', minute, 'epoch') FROM dirty_minute, quarters_through
      WHERE minute >= $1 AND minute < least($2, through)
      UNION ALL
      SELECT 'through', through FROM quarters_through
      ORDER BY at""";

  private final OwnersView views;

  CoverageReader(OwnersView views) {
    this.views = views;
  }

  /**
   * The answer to a query for an owner that is told what is held of [from, to). Where it has a row
   * that begins with null, this has changed meanwhile, and it is asked again.
   */
  Future<RowSet<Row>> ask(
      OwnerId owner, Instant from, Instant to, Function<Coverage, SqlStatement> query) {
    return views.alone(owner, connection -> ask(connection, from, to, query, AGAIN));
  }

  private static Future<RowSet<Row>> ask(
      SqlConnection connection,
      Instant from,
      Instant to,
      Function<Coverage, SqlStatement> query,
      int again) {
    return coverage(connection, from, to)
        .map(query)
        .compose(asked -> connection.preparedQuery(asked.sql()).execute(asked.parameters()))
        .compose(
            rows -> {
              for (var row : rows) {
                if (row.getValue(0) == null) {
                  return again > 0
                      ? ask(connection, from, to, query, again - 1)
                      : Future.failedFuture(new Unavailable("aggregates change all the time"));
                }
              }
              return Future.succeededFuture(rows);
            });
  }

  private static Future<Coverage> coverage(SqlConnection connection, Instant from, Instant to) {
    return connection
        .preparedQuery(COVERAGE)
        .execute(Tuple.of(CoverageSql.utc(from), CoverageSql.utc(to)))
        .map(CoverageReader::coverage);
  }

  private static Coverage coverage(RowSet<Row> rows) {
    var days = new ArrayList<Instant>();
    var quarters = new ArrayList<Instant>();
    var through = Instant.EPOCH;
    for (var row : rows) {
      var at = row.getOffsetDateTime("at").toInstant();
      switch (row.getString("what")) {
        case "day" -> days.add(at);
        case "quarter" -> quarters.add(at);
        default -> through = at;
      }
    }
    return new Coverage(days, quarters, through);
  }
}
