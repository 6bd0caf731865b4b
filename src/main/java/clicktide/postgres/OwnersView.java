package clicktide.postgres;

import clicktide.event.OwnerId;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.function.Function;

/**
 * Reads for an owner, in a role to which PostgreSQL shows no control row of anybody else (G17).
 * Role and owner are those of the transaction, so nothing of them is left on a connection of the
 * pool.
 */
public final class OwnersView {
  private static final String BECOME =
      "SELECT set_config('role', 'clicktide_query', true), set_config('clicktide.owner', $1, true)";

  /** What reads aggregates is so short that other processes cost more than they bring. */
  private static final String BECOME_ALONE =
      BECOME + ", set_config('max_parallel_workers_per_gather', '0', true)";

  private final Pool pool;

  public OwnersView(Pool pool) {
    this.pool = pool;
  }

  /** Questions in one transaction; each statement still has a snapshot of its own. */
  public <T> Future<T> of(OwnerId owner, Function<SqlConnection, Future<T>> questions) {
    return as(BECOME, owner, questions);
  }

  /** The same, by one process of the database. */
  public <T> Future<T> alone(OwnerId owner, Function<SqlConnection, Future<T>> questions) {
    return as(BECOME_ALONE, owner, questions);
  }

  private <T> Future<T> as(
      String become, OwnerId owner, Function<SqlConnection, Future<T>> questions) {
    return pool.withTransaction(
        connection ->
            connection
                .preparedQuery(become)
                .execute(Tuple.of(Long.toString(owner.number())))
                .compose(_ -> questions.apply(connection)));
  }
}
