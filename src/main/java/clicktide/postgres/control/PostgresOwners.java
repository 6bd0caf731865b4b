package clicktide.postgres.control;

import clicktide.event.OwnerId;
import clicktide.net.Network;
import clicktide.postgres.Writes;
import clicktide.store.Actor;
import clicktide.store.Owners;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Owners and keys in PostgreSQL. */
public final class PostgresOwners implements Owners {
  private static final String CREATE =
      """
      WITH made AS (INSERT INTO owner (id, name) VALUES ($1, $2) RETURNING id)
      INSERT INTO api_key (prefix, hash, owner, name, scopes, expires_at) SELECT $3, $4, id, $5, $6, $7 FROM made""";

  private static final String FIND =
      "SELECT id, name, own_networks, created_at FROM owner WHERE id = $1";

  private static final String CHANGE =
      """
      UPDATE owner SET name = coalesce($2, name), own_networks = coalesce($3, own_networks) WHERE id = $1
      RETURNING id, name, own_networks, created_at""";

  private static final String KEY =
      """
      SELECT * FROM api_key
      WHERE prefix = $1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())""";

  private static final String KEYS =
      """
      SELECT * FROM api_key
      WHERE owner = $1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())
      ORDER BY created_at DESC, prefix""";

  /** The owner's row is locked, so that two do not count the same keys. */
  private static final String ADD_KEY =
      """
      WITH of AS (SELECT id FROM owner WHERE id = $3 FOR UPDATE)
      INSERT INTO api_key (prefix, hash, owner, name, scopes, expires_at)
      SELECT $1, $2, id, $4, $5, $6 FROM of
      WHERE (
        SELECT count(*) FROM api_key
        WHERE owner = $3 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())) < $7
      RETURNING *""";

  private static final String REVOKE_KEY =
      """
      UPDATE api_key SET revoked_at = now()
      WHERE owner = $1 AND prefix = $2 AND revoked_at IS NULL RETURNING prefix""";

  private static final String ROTATE_KEY =
      """
      WITH old AS (
        UPDATE api_key SET rotated_at = now(), expires_at = least(expires_at, $8)
        WHERE owner = $3 AND prefix = $7 AND revoked_at IS NULL AND rotated_at IS NULL
          AND (expires_at IS NULL OR expires_at > now())
        RETURNING owner)
      INSERT INTO api_key (prefix, hash, owner, name, scopes, expires_at)
      SELECT $1, $2, owner, $4, $5, $6 FROM old WHERE owner = $3
      RETURNING *""";

  private static final int MOST_KEYS = 100;

  private final Pool pool;
  private final Actor actor;

  public PostgresOwners(Pool pool) {
    this(pool, Actor.CLICKTIDE);
  }

  private PostgresOwners(Pool pool, Actor actor) {
    this.pool = pool;
    this.actor = actor;
  }

  @Override
  public Owners by(Actor other) {
    return new PostgresOwners(pool, other);
  }

  private Future<RowSet<Row>> write(String sql, Tuple values) {
    return Writes.as(actor, pool, connection -> connection.preparedQuery(sql).execute(values));
  }

  private Future<RowSet<Row>> once(
      String sql, Tuple values, Function<RowSet<Row>, Optional<String>> made) {
    return Writes.once(
        actor, pool, connection -> connection.preparedQuery(sql).execute(values), made);
  }

  @Override
  public Future<Void> create(OwnerId owner, String name, Key key) {
    var values = with(Tuple.of(owner.number(), name, key.prefix(), key.hash()), key.terms());
    return once(CREATE, values, _ -> Optional.of(owner.toString())).mapEmpty();
  }

  @Override
  public Future<Boolean> exists(OwnerId owner) {
    return find(owner).map(Optional::isPresent);
  }

  @Override
  public Future<Optional<Owner>> find(OwnerId owner) {
    return pool.preparedQuery(FIND)
        .execute(Tuple.of(owner.number()))
        .map(rows -> first(rows, PostgresOwners::owner));
  }

  @Override
  public Future<Optional<Owner>> change(
      OwnerId owner, Optional<String> name, Optional<List<Network>> ownNetworks) {
    var networks = ownNetworks.map(some -> some.stream().map(Network::text).toArray(String[]::new));
    return write(CHANGE, Tuple.of(owner.number(), name.orElse(null), networks.orElse(null)))
        .map(rows -> first(rows, PostgresOwners::owner));
  }

  private static Owner owner(Row row) {
    return new Owner(
        new OwnerId(row.getLong("id")),
        row.getString("name"),
        networks(row.getArrayOfStrings("own_networks")),
        row.getOffsetDateTime("created_at").toInstant());
  }

  /** As a column has them. */
  static List<Network> networks(String[] texts) {
    return Arrays.stream(texts).flatMap(text -> Network.parse(text).stream()).toList();
  }

  private static <T> Optional<T> first(RowSet<Row> rows, Function<Row, T> read) {
    var row = rows.iterator();
    return row.hasNext() ? Optional.of(read.apply(row.next())) : Optional.empty();
  }

  @Override
  public Future<Optional<Key>> key(String prefix) {
    return pool.preparedQuery(KEY)
        .execute(Tuple.of(prefix))
        .map(rows -> first(rows, PostgresOwners::key));
  }

  @Override
  public Future<List<Issued>> keys(OwnerId owner) {
    return pool.preparedQuery(KEYS)
        .execute(Tuple.of(owner.number()))
        .map(
            rows -> {
              var keys = new ArrayList<Issued>();
              rows.forEach(row -> keys.add(issued(row)));
              return keys;
            });
  }

  @Override
  public Future<Issued> addKey(Key key) {
    var values = with(Tuple.of(key.prefix(), key.hash(), key.owner().number()), key.terms());
    return once(
            ADD_KEY,
            values.addValue(MOST_KEYS),
            rows -> first(rows, PostgresOwners::key).map(Key::prefix))
        .map(rows -> first(rows, PostgresOwners::issued).orElseThrow(TooManyKeys::new));
  }

  @Override
  public Future<Boolean> revokeKey(OwnerId owner, String prefix) {
    return write(REVOKE_KEY, Tuple.of(owner.number(), prefix)).map(rows -> rows.size() > 0);
  }

  @Override
  public Future<Optional<Issued>> rotateKey(String prefix, Instant end, Key key) {
    var values = with(Tuple.of(key.prefix(), key.hash(), key.owner().number()), key.terms());
    return write(ROTATE_KEY, values.addValue(prefix).addValue(end.atOffset(ZoneOffset.UTC)))
        .map(rows -> first(rows, PostgresOwners::issued));
  }

  private static Tuple with(Tuple values, Terms terms) {
    return values
        .addValue(terms.name())
        .addValue(terms.scopes().stream().map(Scope::name).toArray(String[]::new))
        .addValue(time(terms.expiresAt()));
  }

  private static OffsetDateTime time(Optional<Instant> instant) {
    return instant.map(at -> at.atOffset(ZoneOffset.UTC)).orElse(null);
  }

  private static Issued issued(Row row) {
    return new Issued(key(row), row.getOffsetDateTime("created_at").toInstant());
  }

  private static Key key(Row row) {
    Set<Scope> scopes =
        Arrays.stream(row.getArrayOfStrings("scopes"))
            .map(Scope::valueOf)
            .collect(Collectors.toUnmodifiableSet());
    var expires =
        Optional.ofNullable(row.getOffsetDateTime("expires_at")).map(OffsetDateTime::toInstant);
    return new Key(
        row.getString("prefix"),
        row.getString("hash"),
        new OwnerId(row.getLong("owner")),
        new Terms(row.getString("name"), scopes, expires));
  }
}
