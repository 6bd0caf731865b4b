package clicktide.postgres.query;

import clicktide.event.OwnerId;
import clicktide.postgres.NamedSql;
import clicktide.postgres.OwnersView;
import clicktide.postgres.SqlStatement;
import clicktide.store.Unavailable;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import java.time.Instant;
import java.util.ArrayList;
import java.util.function.Function;

/** Executes statements that depend on the reach of the aggregates. */
final class CoverageReader {
  private static final int RETRIES = 5; // the coverage changes a few times a minute

  private static final NamedSql COVERAGE =
      NamedSql.of(
          """
          SELECT 'day' AS kind, day AS at FROM dirty_day WHERE day >= :from::timestamptz AND day < :to
          UNION ALL
          SELECT DISTINCT 'quarter', date_bin('15 minutes', minute, 'epoch') FROM dirty_minute, quarters_through
          WHERE minute >= :from AND minute < least(:to, through)
          UNION ALL
          SELECT 'watermark', through FROM quarters_through
          ORDER BY at""");

  private final OwnersView views;

  CoverageReader(OwnersView views) {
    this.views = views;
  }

  /**
   * Reads the coverage of [from, to), and then the rows of the statement that is made for it. A row
   * that begins with null says that the coverage has changed in between; then both are read again.
   */
  Future<RowSet<Row>> read(
      OwnerId owner, Instant from, Instant to, Function<Coverage, SqlStatement> statement) {
    return views.alone(owner, connection -> read(connection, from, to, statement, RETRIES));
  }

  private static Future<RowSet<Row>> read(
      SqlConnection connection,
      Instant from,
      Instant to,
      Function<Coverage, SqlStatement> statement,
      int retries) {
    return coverage(connection, from, to)
        .compose(coverage -> statement.apply(coverage).on(connection))
        .compose(
            rows -> {
              for (var row : rows) {
                if (row.getValue(0) == null) {
                  return retries > 0
                      ? read(connection, from, to, statement, retries - 1)
                      : Future.failedFuture(new Unavailable("The aggregates change too often."));
                }
              }
              return Future.succeededFuture(rows);
            });
  }

  private static Future<Coverage> coverage(SqlConnection connection, Instant from, Instant to) {
    return COVERAGE
        .with("from", CoverageSql.utc(from))
        .with("to", CoverageSql.utc(to))
        .on(connection)
        .map(CoverageReader::coverage);
  }

  private static Coverage coverage(RowSet<Row> rows) {
    var days = new ArrayList<Instant>();
    var quarters = new ArrayList<Instant>();
    var watermark = Instant.EPOCH;
    for (var row : rows) {
      var at = row.getOffsetDateTime("at").toInstant();
      switch (row.getString("kind")) {
        case "day" -> days.add(at);
        case "quarter" -> quarters.add(at);
        default -> watermark = at;
      }
    }
    return new Coverage(days, quarters, watermark);
  }
}
