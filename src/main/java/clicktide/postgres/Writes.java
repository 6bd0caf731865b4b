package clicktide.postgres;

import clicktide.store.Actor;
import clicktide.store.Retention;
import clicktide.store.Unavailable;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import java.util.Optional;
import java.util.function.Function;

/** Runs changes in transactions. The audit log names the actor of the transaction. */
public final class Writes {
  private static final NamedSql ACTOR =
      NamedSql.of("SELECT set_config('clicktide.actor', :actor, true)");

  /** Deletes this idempotency key if it has expired, and up to 100 other expired keys. */
  private static final NamedSql DELETE_EXPIRED =
      NamedSql.of(
          """
      DELETE FROM idempotency WHERE at < now() - make_interval(hours => :hours) AND (
        owner = :owner AND key = :key
        OR ctid = ANY (ARRAY (
          SELECT ctid FROM idempotency WHERE at < now() - make_interval(hours => :hours) LIMIT 100 FOR UPDATE SKIP LOCKED)))""");

  /** Waits for another transaction with the same key. */
  private static final NamedSql CLAIM =
      NamedSql.of(
          "INSERT INTO idempotency (owner, key, request) VALUES (:owner, :key, :request) ON CONFLICT DO NOTHING");

  private static final NamedSql CLAIMED =
      NamedSql.of("SELECT request, made FROM idempotency WHERE owner = :owner AND key = :key");

  private static final NamedSql KEEP =
      NamedSql.of("UPDATE idempotency SET made = :name WHERE owner = :owner AND key = :key");

  private static final NamedSql RELEASE =
      NamedSql.of("DELETE FROM idempotency WHERE owner = :owner AND key = :key");

  private Writes() {}

  /** Runs work in one transaction of an actor. */
  public static <T> Future<T> as(Actor actor, Pool pool, Function<SqlConnection, Future<T>> work) {
    return pool.<T>withTransaction(
            connection ->
                ACTOR
                    .with("actor", actor.name())
                    .on(connection)
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
    return of(once, DELETE_EXPIRED)
        .with("hours", Math.toIntExact(Retention.IDEMPOTENCY_KEYS.toHours()))
        .on(connection)
        .compose(_ -> of(once, CLAIM).with("request", once.request()).on(connection))
        .compose(
            rows ->
                rows.rowCount() == 1
                    ? Future.succeededFuture(Optional.empty())
                    : repeat(once, connection).map(Optional::of));
  }

  private static Future<Actor.Repeat> repeat(Actor.Once once, SqlConnection connection) {
    return of(once, CLAIMED)
        .on(connection)
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
    return name.map(text -> of(once, KEEP).with("name", text))
        .orElseGet(() -> of(once, RELEASE))
        .on(connection)
        .mapEmpty();
  }

  private static SqlStatement of(Actor.Once once, NamedSql sql) {
    return sql.with("owner", once.owner().number()).with("key", once.key());
  }
}
