package clicktide.postgres;

import clicktide.store.Actor;
import clicktide.store.Unavailable;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.Optional;
import java.util.function.Function;

/** Runs changes in transactions. The audit log names the actor of the transaction. */
public final class Writes {
  private static final String ACTOR = "SELECT set_config('clicktide.actor', $1, true)";

  /** Deletes this idempotency key if it has expired, and up to 100 other expired keys. */
  private static final String DELETE_EXPIRED =
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

  private static final String KEEP =
      "UPDATE idempotency SET made = $3 WHERE owner = $1 AND key = $2";

  private static final String RELEASE = "DELETE FROM idempotency WHERE owner = $1 AND key = $2";

  private Writes() {}

  /** Runs work in one transaction of an actor. */
  public static <T> Future<T> as(Actor actor, Pool pool, Function<SqlConnection, Future<T>> work) {
    return pool.<T>withTransaction(
            connection ->
                connection
                    .preparedQuery(ACTOR)
                    .execute(Tuple.of(actor.name()))
                    .compose(_ -> work.apply(connection)))
        .recover(Writes::rolledBack);
  }

  /** Ends work with a result although the transaction is rolled back. */
  public static <T> Future<T> rollBack(T result) {
    return Future.failedFuture(new RolledBack(result));
  }

  @SuppressWarnings("unchecked") // the work of the transaction has made the result
  private static <T> Future<T> rolledBack(Throwable failure) {
    return failure instanceof RolledBack rolledBack
        ? Future.succeededFuture((T) rolledBack.result)
        : Future.failedFuture(failure);
  }

  private static final class RolledBack extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final transient Object result;

    private RolledBack(Object result) {
      super("the transaction is rolled back", null, false, false);
      this.result = result;
    }
  }

  /**
   * Runs work like {@link #as}, at most once a day for each idempotency key of the actor. {@code
   * name} names the thing that the work has created; if it is empty, the key stays free. {@code
   * repeated} makes the result if the key was used before; the work does not run then.
   */
  public static <T> Future<T> once(
      Actor actor,
      Pool pool,
      Function<SqlConnection, Future<T>> work,
      Function<T, Optional<String>> name,
      Function<Actor.Repeat, T> repeated) {
    return as(
        actor,
        pool,
        connection ->
            actor
                .once()
                .map(
                    once ->
                        claim(once, connection)
                            .compose(
                                repeat ->
                                    repeat.isPresent()
                                        ? Future.succeededFuture(repeated.apply(repeat.get()))
                                        : work.apply(connection)
                                            .compose(
                                                result ->
                                                    keep(once, connection, name.apply(result))
                                                        .map(result))))
                .orElseGet(() -> work.apply(connection)));
  }

  /** Claims the key; the result is empty unless an earlier call has it. */
  private static Future<Optional<Actor.Repeat>> claim(Actor.Once once, SqlConnection connection) {
    return connection
        .preparedQuery(DELETE_EXPIRED)
        .execute(key(once))
        .compose(_ -> connection.preparedQuery(CLAIM).execute(key(once).addValue(once.request())))
        .compose(
            rows ->
                rows.rowCount() == 1
                    ? Future.succeededFuture(Optional.empty())
                    : repeat(once, connection).map(Optional::of));
  }

  private static Future<Actor.Repeat> repeat(Actor.Once once, SqlConnection connection) {
    return connection
        .preparedQuery(CLAIMED)
        .execute(key(once))
        .compose(
            rows -> {
              for (var row : rows) {
                return Future.succeededFuture(
                    row.getString("request").equals(once.request())
                        ? new Actor.Replayed(row.getString("made"))
                        : new Actor.KeyReused());
              }
              return Future.failedFuture(new Unavailable("The idempotency key has just expired."));
            });
  }

  private static Future<Void> keep(
      Actor.Once once, SqlConnection connection, Optional<String> name) {
    return name.map(text -> connection.preparedQuery(KEEP).execute(key(once).addValue(text)))
        .orElseGet(() -> connection.preparedQuery(RELEASE).execute(key(once)))
        .mapEmpty();
  }

  private static Tuple key(Actor.Once once) {
    return Tuple.of(once.owner().number(), once.key());
  }
}
