package clicktide.postgres.control;

import clicktide.event.OwnerId;
import clicktide.link.Link;
import clicktide.net.Network;
import clicktide.postgres.Database;
import clicktide.postgres.NamedSql;
import clicktide.store.Links;
import clicktide.store.Unavailable;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlClient;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Reads what processes keep in memory: changed links, and the networks that owners exclude. */
final class LinkChanges {
  private static final int PAGE = 10_000;

  private static final NamedSql CHANGED =
      NamedSql.of(
          """
      SELECT * FROM link
      WHERE (updated_at, id) > (
        CASE -- changes younger than twice the time are read again; the index is used, since now() is stable
          WHEN :after > now() - 2 * make_interval(secs => :again) AND :id = 0
          THEN :after - make_interval(secs => :again)
          ELSE :after END,
        :id)
      ORDER BY updated_at, id LIMIT :page""");

  private static final String OWN_NETWORKS =
      "SELECT id, own_networks FROM owner WHERE own_networks <> '{}'";

  private static final String INCARNATION =
      "SELECT %s AS incarnation".formatted(Database.INCARNATION);

  private final Pool pool;

  LinkChanges(Pool pool) {
    this.pool = pool;
  }

  Future<String> incarnation() {
    return incarnation(pool);
  }

  private static Future<String> incarnation(SqlClient client) {
    return client
        .query(INCARNATION)
        .execute()
        .map(rows -> rows.iterator().next().getString("incarnation"));
  }

  /** Reads the networks whose clicks their owners exclude. */
  Future<Map<OwnerId, List<Network>>> ownNetworks() {
    return pool.query(OWN_NETWORKS)
        .execute()
        .map(
            rows -> {
              var networks = new HashMap<OwnerId, List<Network>>();
              for (var row : rows) {
                var own = PostgresOwners.networks(row.getArrayOfStrings("own_networks"));
                networks.put(new OwnerId(row.getLong("id")), own);
              }
              return networks;
            });
  }

  /**
   * Hands over every link that changed, as {@link Links#changedSince} describes it. During a
   * failover a pool may have connections to two servers, so one connection reads everything.
   */
  Future<Instant> since(
      String incarnation, Instant since, Duration again, Consumer<Link> consumer) {
    var seconds = again.toMillis() / 1e3;
    return pool.withConnection(
        connection ->
            incarnation(connection)
                .compose(
                    now ->
                        now.equals(incarnation)
                            ? page(connection, since, 0, seconds, consumer)
                            : Future.failedFuture(
                                new Unavailable("Another server of PostgreSQL answers"))));
  }

  private static Future<Instant> page(
      SqlClient client, Instant after, long id, double again, Consumer<Link> consumer) {
    return CHANGED
        .with("after", after.atOffset(ZoneOffset.UTC))
        .with("id", id)
        .with("again", again)
        .with("page", PAGE)
        .on(client)
        .compose(
            rows -> {
              var last = (Link) null;
              for (var row : rows) {
                last = LinkRows.link(row);
                consumer.accept(last);
              }
              if (last == null) {
                return Future.succeededFuture(after);
              }
              return rows.size() < PAGE
                  ? Future.succeededFuture(last.updatedAt())
                  : page(client, last.updatedAt(), last.id(), again, consumer);
            });
  }
}
