package clicktide.postgres.control;

import clicktide.link.Code;
import clicktide.link.Link;
import clicktide.link.LinkDraft;
import clicktide.postgres.NamedSql;
import clicktide.postgres.Writes;
import clicktide.store.Actor;
import clicktide.store.Administrators;
import clicktide.store.Owners.Key;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** The first start of the installation and the administrator's keys, which all nodes share. */
public final class PostgresInstallation implements Administrators {
  /** Waits for another node that has its first start at the same moment. */
  private static final NamedSql BEGIN =
      NamedSql.of(
          "INSERT INTO first_start (owner) VALUES (:owner) ON CONFLICT DO NOTHING RETURNING owner");

  private static final NamedSql HAS =
      NamedSql.of("SELECT EXISTS (SELECT FROM admin_key WHERE hash = :hash) AS registered");

  private static final NamedSql REGISTER =
      NamedSql.of(
          "INSERT INTO admin_key (hash, place) VALUES (:hash, :place) ON CONFLICT DO NOTHING");

  private static final NamedSql LOCK = NamedSql.of("LOCK TABLE admin_key IN EXCLUSIVE MODE");

  private static final NamedSql PLACE =
      NamedSql.of("SELECT place FROM admin_key ORDER BY created_at, hash LIMIT 1");

  private final Pool pool;
  private final RandomGenerator random;

  /** {@code random} chooses the code of the first link. */
  public PostgresInstallation(Pool pool, RandomGenerator random) {
    this.pool = pool;
    this.random = random;
  }

  /**
   * Creates the first owner with its key and its first link, once for the installation; empty if a
   * node has. {@code keep} stores the key before the transaction ends, so no key is ever lost.
   */
  public Future<Optional<Link>> begin(
      String name, Key key, LinkDraft draft, Supplier<Future<Void>> keep) {
    return Writes.as(
        Actor.CLICKTIDE,
        pool,
        connection ->
            BEGIN
                .with("owner", key.owner().number())
                .on(connection)
                .compose(
                    begun ->
                        begun.size() == 0
                            ? Future.succeededFuture(Optional.empty())
                            : create(connection, name, key, draft)
                                .compose(link -> keep.get().map(Optional.of(link)))));
  }

  private Future<Link> create(SqlConnection connection, String name, Key key, LinkDraft draft) {
    var drafts = List.of(draft.named(Code.random(random)));
    return PostgresOwners.create(connection, name, key)
        .compose(_ -> LinkBatch.create(connection, drafts, Map.of()))
        .map(List::getFirst);
  }

  @Override
  public Future<Boolean> has(String hash) {
    return HAS.with("hash", hash).on(pool).map(rows -> rows.iterator().next().getBoolean(0));
  }

  /** Registers a key of the administrator, whose text is in {@code place}. Idempotent. */
  public Future<Void> register(String hash, String place) {
    return register(pool, hash, place);
  }

  private static Future<Void> register(SqlClient client, String hash, String place) {
    return REGISTER.with("hash", hash).with("place", place).on(client).mapEmpty();
  }

  /**
   * Registers a new key of the administrator unless there is one; the result is then the place of
   * the earliest. {@code keep} stores the new key before the transaction ends.
   */
  public Future<Optional<String>> registerFirst(
      String hash, String place, Supplier<Future<Void>> keep) {
    return pool.withTransaction(
        connection ->
            LOCK.call()
                .on(connection)
                .compose(_ -> PLACE.call().on(connection))
                .map(PostgresInstallation::place)
                .compose(
                    earlier ->
                        earlier.isPresent()
                            ? Future.succeededFuture(earlier)
                            : keep.get()
                                .compose(_ -> register(connection, hash, place))
                                .map(Optional.empty())));
  }

  /** Returns the place of the earliest key of the administrator. */
  public Future<Optional<String>> place() {
    return PLACE.call().on(pool).map(PostgresInstallation::place);
  }

  private static Optional<String> place(RowSet<Row> rows) {
    var row = rows.iterator();
    return row.hasNext() ? Optional.of(row.next().getString("place")) : Optional.empty();
  }
}
