package clicktide.postgres;

import clicktide.store.Unavailable;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClientOptions;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.SqlConnectOptions;
import java.util.List;
import java.util.function.Supplier;

/**
 * The search for the primary among several PostgreSQL servers, before each connection of a pool. It
 * is the first server that accepts writes, as for JDBC's {@code targetServerType=primary}. One
 * connection to each server is kept for the question.
 */
final class PrimaryServer implements Supplier<Future<SqlConnectOptions>> {
  private static final String IS_READ_ONLY = "SHOW transaction_read_only";

  private final List<PgConnectOptions> servers;
  private final List<Pool> questions;

  PrimaryServer(Vertx vertx, List<PgConnectOptions> servers, NetClientOptions net) {
    this.servers = servers;
    questions =
        servers.stream()
            .map(
                server ->
                    PgBuilder.pool()
                        .connectingTo(server)
                        .with(new PoolOptions().setName("primary").setMaxSize(1))
                        .with(net)
                        .using(vertx)
                        .build())
            .toList();
  }

  @Override
  public Future<SqlConnectOptions> get() {
    return find(0);
  }

  private Future<SqlConnectOptions> find(int first) {
    if (first == servers.size()) {
      return Future.failedFuture(new Unavailable("No server of PostgreSQL accepts writes"));
    }
    return questions
        .get(first)
        .query(IS_READ_ONLY)
        .execute()
        .map(rows -> rows.iterator().next().getString(0).equals("off"))
        .otherwise(false)
        .compose(
            isPrimary -> isPrimary ? Future.succeededFuture(servers.get(first)) : find(first + 1));
  }
}
