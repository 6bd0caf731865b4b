package clicktide.postgres;

import clicktide.event.OwnerId;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.util.function.Function;

/**
 * Reads for one owner, in a role to which PostgreSQL shows no control row of another owner (G17).
 * Role and owner belong to the transaction, so a connection returns to the pool without them.
 */
public final class OwnersView {
  private static final NamedSql ASSUME_ROLE =
      NamedSql.of(
          "SELECT set_config('role', 'clicktide_query', true), set_config('clicktide.owner', :owner, true)");

  /** Reads of aggregates are so short that parallel processes cost more than they save. */
  private static final NamedSql ASSUME_ROLE_ALONE =
      NamedSql.of(
          """
          SELECT set_config('role', 'clicktide_query', true), set_config('clicktide.owner', :owner, true),
            set_config('max_parallel_workers_per_gather', '0', true)""");

  private final SharedPool pool;

  public OwnersView(SharedPool pool) {
    this.pool = pool;
  }

  /** Executes reads in one transaction; each statement still has a snapshot of its own. */
  public <T> Future<T> of(OwnerId owner, Function<SqlConnection, Future<T>> reads) {
    return read(ASSUME_ROLE, owner, reads);
  }

  /** Executes reads in one transaction, each by a single process of the database. */
  public <T> Future<T> alone(OwnerId owner, Function<SqlConnection, Future<T>> reads) {
    return read(ASSUME_ROLE_ALONE, owner, reads);
  }

  private <T> Future<T> read(
      NamedSql assumeRole, OwnerId owner, Function<SqlConnection, Future<T>> reads) {
    return pool.read(
        owner,
        shared ->
            shared.withTransaction(
                connection ->
                    assumeRole
                        .with("owner", Long.toString(owner.number()))
                        .on(connection)
                        .compose(_ -> reads.apply(connection))));
  }
}
