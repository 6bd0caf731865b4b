package clicktide.postgres.control;

import clicktide.postgres.NamedSql;
import clicktide.postgres.Writes;
import clicktide.store.Actor;
import clicktide.store.NodeRegistry;
import clicktide.store.Retention;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import java.util.ArrayList;
import java.util.List;

/** The registry of nodes in PostgreSQL, whose clock alone counts. */
public final class PostgresNodes implements NodeRegistry {
  /** Also forgets nodes that answers do not name any more. */
  private static final NamedSql BEAT =
      NamedSql.of(
          """
          WITH back AS (DELETE FROM gone_node WHERE id = :id),
            forgotten AS (DELETE FROM node WHERE heartbeat_at < now() - make_interval(secs => :kept) AND id <> :id)
          INSERT INTO node (id, roles, version, host) VALUES (:id, :roles, :version, :host)
          ON CONFLICT (id) DO UPDATE SET heartbeat_at = now()""");

  private static final NamedSql LEAVE = NamedSql.of("DELETE FROM node WHERE id = :id");

  private static final NamedSql LIST =
      NamedSql.of(
          """
          SELECT *, heartbeat_at < now() - make_interval(secs => :silence) AS silent FROM node
          ORDER BY started_at DESC, id""");

  private static final NamedSql STATE =
      NamedSql.of(
          """
          SELECT
            EXISTS (SELECT FROM node WHERE id = :id) AS registered,
            EXISTS (SELECT FROM node WHERE id = :id AND heartbeat_at >= now() - make_interval(secs => :silence)) AS running,
            EXISTS (SELECT FROM fence WHERE :id = ANY (silent)) AND NOT EXISTS (SELECT FROM gone_node WHERE id = :id) AS named""");

  /** The entry of the audit log belongs to no owner. */
  private static final NamedSql REMOVE =
      NamedSql.of(
          """
          WITH removed AS (DELETE FROM node WHERE id = :id),
            gone AS (INSERT INTO gone_node (id) VALUES (:id) ON CONFLICT DO NOTHING)
          INSERT INTO audit (owner, actor, action, subject, changes)
          VALUES (0, :actor, 'node.removed', to_hex(:id::bigint), '{}')""");

  private final Pool pool;

  public PostgresNodes(Pool pool) {
    this.pool = pool;
  }

  @Override
  public Future<Void> beat(NodeProfile node) {
    return BEAT.with("id", node.id())
        .with("roles", node.roles().toArray(String[]::new))
        .with("version", node.version())
        .with("host", node.host())
        .with("kept", (double) Retention.SILENT_NODES.toSeconds())
        .on(pool)
        .mapEmpty();
  }

  @Override
  public Future<Void> leave(long id) {
    return LEAVE.with("id", id).on(pool).mapEmpty();
  }

  @Override
  public Future<List<RegisteredNode>> list() {
    return LIST.with("silence", (double) SILENCE.toSeconds())
        .on(pool)
        .map(
            rows -> {
              var nodes = new ArrayList<RegisteredNode>();
              rows.forEach(row -> nodes.add(node(row)));
              return nodes;
            });
  }

  private static RegisteredNode node(Row row) {
    return new RegisteredNode(
        new NodeProfile(
            row.getLong("id"),
            List.of(row.getArrayOfStrings("roles")),
            row.getString("version"),
            row.getString("host")),
        row.getOffsetDateTime("started_at").toInstant(),
        row.getOffsetDateTime("heartbeat_at").toInstant(),
        row.getBoolean("silent"));
  }

  /** A heartbeat during the removal undoes it, as any later heartbeat does. */
  @Override
  public Future<Removal> remove(long id, Actor actor) {
    return Writes.as(
        actor,
        pool,
        connection ->
            STATE
                .with("id", id)
                .with("silence", (double) SILENCE.toSeconds())
                .on(connection)
                .compose(rows -> remove(connection, rows.iterator().next(), id, actor)));
  }

  private static Future<Removal> remove(SqlConnection connection, Row state, long id, Actor actor) {
    if (state.getBoolean("running")) {
      return Future.succeededFuture(Removal.RUNNING);
    }
    return state.getBoolean("registered") || state.getBoolean("named")
        ? REMOVE.with("id", id).with("actor", actor.name()).on(connection).map(Removal.REMOVED)
        : Future.succeededFuture(Removal.UNKNOWN);
  }
}
