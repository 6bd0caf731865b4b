package clicktide.postgres;

import clicktide.store.Actor;
import clicktide.store.Unavailable;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.Optional;
import java.util.function.Function;

/** Changes, each in one transaction, which knows whose they are. */
public final class Writes {
  private static final String ACTOR = "SELECT set_config('clicktide.actor', $1, true)";

  /** This key, and some of those that nobody asks for any more. */
  private static final String FORGET =
      """
      DELETE FROM idempotency WHERE at < now() - interval '24 hours' AND (
        owner = $1 AND key = $2
        OR ctid = ANY (ARRAY (
          SELECT ctid FROM idempotency WHERE at < now() - interval '24 hours' LIMIT 100 FOR UPDATE SKIP LOCKED)))""";

  /** Waits for another transaction with the same key. */
  private static final String CLAIM =
      "INSERT INTO idempotency (owner, key, request) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";

  private static final String CLAIMED =
      "SELECT request, made FROM idempotency WHERE owner = $1 AND key = $2";

  private static final String MADE =
      "UPDATE idempotency SET made = $3 WHERE owner = $1 AND key = $2";

  private static final String NOT_MADE = "DELETE FROM idempotency WHERE owner = $1 AND key = $2";

  private Writes() {}

  /** Work whose changes are this actor's. */
  public static <T> Future<T> as(Actor actor, Pool pool, Function<SqlConnection, Future<T>> work) {
    return pool.withTransaction(
        connection ->
            connection
                .preparedQuery(ACTOR)
                .execute(Tuple.of(actor.name()))
                .compose(_ -> work.apply(connection)));
  }

  /**
   * The same, but where the actor wants it once, it fails with {@link Actor.Done} or {@link
   * Actor.Reused} if that was so before. {@code made} names what came of it, if anything.
   */
  public static <T> Future<T> once(
      Actor actor,
      Pool pool,
      Function<SqlConnection, Future<T>> work,
      Function<T, Optional<String>> made) {
    return as(
        actor,
        pool,
        connection ->
            actor
                .once()
                .map(once -> once(once, connection, work, made))
                .orElseGet(() -> work.apply(connection)));
  }

  private static <T> Future<T> once(
      Actor.Once once,
      SqlConnection connection,
      Function<SqlConnection, Future<T>> work,
      Function<T, Optional<String>> made) {
    return connection
        .preparedQuery(FORGET)
        .execute(named(once))
        .compose(_ -> connection.preparedQuery(CLAIM).execute(named(once).addValue(once.request())))
        .compose(
            rows ->
                rows.rowCount() == 1 ? Future.<Void>succeededFuture() : claimed(once, connection))
        .compose(_ -> work.apply(connection))
        .compose(result -> keep(once, connection, made.apply(result)).map(result));
  }

  private static Future<Void> keep(
      Actor.Once once, SqlConnection connection, Optional<String> made) {
    return made.map(what -> connection.preparedQuery(MADE).execute(named(once).addValue(what)))
        .orElseGet(() -> connection.preparedQuery(NOT_MADE).execute(named(once)))
        .mapEmpty();
  }

  private static Future<Void> claimed(Actor.Once once, SqlConnection connection) {
    return connection
        .preparedQuery(CLAIMED)
        .execute(named(once))
        .compose(
            rows -> {
              if (rows.size() == 0) { // forgotten just now
                return Future.failedFuture(new Unavailable("the key has just ended"));
              }
              var row = rows.iterator().next();
              return Future.failedFuture(
                  row.getString("request").equals(once.request())
                      ? new Actor.Done(row.getString("made"))
                      : new Actor.Reused());
            });
  }

  private static Tuple named(Actor.Once once) {
    return Tuple.of(once.owner().number(), once.key());
  }
}
