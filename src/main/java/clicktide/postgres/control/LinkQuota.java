package clicktide.postgres.control;

import clicktide.event.OwnerId;
import clicktide.postgres.NamedSql;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;

/** The maximum number of links per owner, deleted ones included; 0 disables. */
record LinkQuota(int most) {
  /** Locks the count of the owner until the transaction ends. A new count begins at 0. */
  private static final NamedSql LOCK =
      NamedSql.of(
          """
      INSERT INTO link_count (owner, links) VALUES (:owner, 0)
      ON CONFLICT (owner) DO UPDATE SET links = link_count.links RETURNING links""");

  /** Returns the number of links that the transaction may create for the owner. */
  Future<Integer> room(SqlConnection connection, OwnerId owner) {
    return most == 0
        ? Future.succeededFuture(Integer.MAX_VALUE)
        : LOCK.with("owner", owner.number())
            .on(connection)
            .map(rows -> (int) Math.max(0, most - rows.iterator().next().getLong("links")));
  }
}
