package clicktide.postgres.control;

import clicktide.event.OwnerId;
import clicktide.net.Network;
import clicktide.postgres.NamedSql;
import clicktide.postgres.Writes;
import clicktide.store.Actor;
import clicktide.store.Owners;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Owners in PostgreSQL. */
public final class PostgresOwners implements Owners {
  private static final NamedSql CREATE =
      NamedSql.of(
          """
      WITH created AS (INSERT INTO owner (id, name) VALUES (:owner, :owner_name) RETURNING id)
      INSERT INTO api_key (prefix, hash, owner, name, scopes, expires_at)
      SELECT :prefix, :hash, id, :name, :scopes, :expires_at FROM created""");

  private static final NamedSql FIND =
      NamedSql.of("SELECT id, name, own_networks, created_at FROM owner WHERE id = :owner");

  private static final NamedSql CHANGE =
      NamedSql.of(
          """
      UPDATE owner SET name = coalesce(:name, name), own_networks = coalesce(:networks, own_networks)
          WHERE id = :owner
          RETURNING id, name, own_networks, created_at""");

  private final Pool pool;
  private final Actor actor;
  private final PostgresKeys keys;

  public PostgresOwners(Pool pool) {
    this(pool, Actor.CLICKTIDE);
  }

  private PostgresOwners(Pool pool, Actor actor) {
    this.pool = pool;
    this.actor = actor;
    this.keys = new PostgresKeys(pool, actor);
  }

  @Override
  public Owners by(Actor other) {
    return new PostgresOwners(pool, other);
  }

  @Override
  public Future<OwnerCreation> create(OwnerId owner, String name, Key key) {
    return Writes.once(
        actor,
        pool,
        connection -> create(connection, name, key).map(_ -> new OwnerCreated()),
        _ -> Optional.of(owner.toString()),
        repeat -> repeat);
  }

  /** Creates the owner of a key in a transaction. */
  static Future<RowSet<Row>> create(SqlConnection connection, String name, Key key) {
    var statement = CREATE.with("owner", key.owner().number()).with("owner_name", name);
    return PostgresKeys.with(statement, key).on(connection);
  }

  @Override
  public Future<Boolean> exists(OwnerId owner) {
    return find(owner).map(Optional::isPresent);
  }

  @Override
  public Future<Optional<OwnerProfile>> find(OwnerId owner) {
    return FIND.with("owner", owner.number()).on(pool).map(PostgresOwners::first);
  }

  @Override
  public Future<Optional<OwnerProfile>> change(
      OwnerId owner, Optional<String> name, Optional<List<Network>> ownNetworks) {
    var networks = ownNetworks.map(list -> list.stream().map(Network::text).toArray(String[]::new));
    var statement =
        CHANGE
            .with("owner", owner.number())
            .with("name", name.orElse(null))
            .with("networks", networks.orElse(null));
    return Writes.as(
        actor, pool, connection -> statement.on(connection).map(PostgresOwners::first));
  }

  private static Optional<OwnerProfile> first(RowSet<Row> rows) {
    var row = rows.iterator();
    return row.hasNext() ? Optional.of(owner(row.next())) : Optional.empty();
  }

  private static OwnerProfile owner(Row row) {
    return new OwnerProfile(
        new OwnerId(row.getLong("id")),
        row.getString("name"),
        networks(row.getArrayOfStrings("own_networks")),
        row.getOffsetDateTime("created_at").toInstant());
  }

  /** Networks from their texts in a column. */
  static List<Network> networks(String[] texts) {
    return Arrays.stream(texts).flatMap(text -> Network.parse(text).stream()).toList();
  }

  @Override
  public Future<Optional<Key>> key(String prefix) {
    return keys.find(prefix);
  }

  @Override
  public Future<List<Issued>> keys(OwnerId owner) {
    return keys.of(owner);
  }

  @Override
  public Future<KeyCreation> addKey(Key key) {
    return keys.add(key);
  }

  @Override
  public Future<Boolean> revokeKey(OwnerId owner, String prefix, boolean withDescendants) {
    return keys.revoke(owner, prefix, withDescendants);
  }

  @Override
  public Future<Optional<Issued>> rotateKey(String prefix, Instant end, Key key) {
    return keys.rotate(prefix, end, key);
  }
}
