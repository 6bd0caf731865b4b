package clicktide.timescale;

import clicktide.store.Unavailable;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Asks questions that have to know which days are dirty, whose aggregates lack rows. */
final class DirtyDays {
  private static final int AGAIN = 5; // a day becomes dirty once between two refreshes

  private static final String DIRTY =
      "SELECT day FROM dirty_day WHERE day >= $1 AND day < $2 ORDER BY day";

  private final Pool pool;

  DirtyDays(Pool pool) {
    this.pool = pool;
  }

  /**
   * The answer to a query that is told the dirty days of [from, to). Where it has a row that begins
   * with null, a day has become dirty meanwhile, and it is asked again.
   */
  Future<RowSet<Row>> ask(Instant from, Instant to, Function<List<Instant>, Query> query) {
    return ask(from, to, query, AGAIN);
  }

  private Future<RowSet<Row>> ask(
      Instant from, Instant to, Function<List<Instant>, Query> query, int again) {
    return of(from, to)
        .map(query)
        .compose(asked -> pool.preparedQuery(asked.sql()).execute(asked.parameters()))
        .compose(
            rows -> {
              for (var row : rows) {
                if (row.getValue(0) == null) {
                  return again > 0
                      ? ask(from, to, query, again - 1)
                      : Future.failedFuture(new Unavailable("days are written all the time"));
                }
              }
              return Future.succeededFuture(rows);
            });
  }

  private Future<List<Instant>> of(Instant from, Instant to) {
    return pool.preparedQuery(DIRTY)
        .execute(Tuple.of(from.atOffset(ZoneOffset.UTC), to.atOffset(ZoneOffset.UTC)))
        .map(
            rows -> {
              var days = new ArrayList<Instant>();
              rows.forEach(row -> days.add(row.getOffsetDateTime(0).toInstant()));
              return days;
            });
  }
}
