package clicktide.postgres.control;

import clicktide.event.OwnerId;
import clicktide.postgres.NamedSql;
import clicktide.postgres.SqlStatement;
import clicktide.postgres.Writes;
import clicktide.store.Actor;
import clicktide.store.Owners.CreatorHasEnded;
import clicktide.store.Owners.Issued;
import clicktide.store.Owners.Key;
import clicktide.store.Owners.KeyCreation;
import clicktide.store.Owners.Scope;
import clicktide.store.Owners.Terms;
import clicktide.store.Owners.TooManyKeys;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** API keys in PostgreSQL. */
final class PostgresKeys {
  /** The predicate of a key that is neither revoked nor expired. */
  private static final String LIVE =
      "revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())";

  private static final NamedSql FIND =
      NamedSql.of("SELECT * FROM api_key WHERE prefix = :prefix AND " + LIVE);

  private static final NamedSql LIST =
      NamedSql.of(
          """
          SELECT * FROM api_key WHERE owner = :owner AND %s
          ORDER BY created_at DESC, prefix"""
              .formatted(LIVE));

  /** Changes of one owner's keys follow each other. The next statement sees the earlier changes. */
  private static final NamedSql LOCK =
      NamedSql.of("SELECT FROM owner WHERE id = :owner FOR NO KEY UPDATE");

  private static final NamedSql ADD =
      NamedSql.of(
          """
      INSERT INTO api_key (prefix, hash, owner, name, scopes, expires_at, creators)
      SELECT :prefix, :hash, :owner, :name, :scopes, :expires_at, :creators::text[]
      WHERE (SELECT count(*) FROM api_key WHERE owner = :owner AND %s) < :most
      RETURNING *"""
              .formatted(LIVE));

  private static final NamedSql REVOKE =
      NamedSql.of(
          """
      WITH RECURSIVE ended AS (
        SELECT prefix FROM api_key WHERE owner = :owner AND prefix = :prefix AND revoked_at IS NULL
        UNION
        SELECT created.prefix FROM ended JOIN api_key created ON ended.prefix = ANY (created.creators)
        WHERE created.owner = :owner AND :descendants)
      UPDATE api_key SET revoked_at = now() FROM ended
      WHERE api_key.prefix = ended.prefix AND revoked_at IS NULL RETURNING api_key.prefix""");

  private static final NamedSql ROTATE =
      NamedSql.of(
          """
      WITH old AS (
        UPDATE api_key SET rotated_at = now(), expires_at = least(expires_at, :end)
        WHERE owner = :owner AND prefix = :old AND rotated_at IS NULL AND %s
        RETURNING owner, creators)
      INSERT INTO api_key (prefix, hash, owner, name, scopes, expires_at, creators)
      SELECT :prefix, :hash, owner, :name, :scopes, :expires_at, creators || :creators::text[] FROM old
      RETURNING *"""
              .formatted(LIVE));

  /** Finds the key of the actor, also if it has ended; none for the administrator. */
  private static final NamedSql CREATOR =
      NamedSql.of(
          "SELECT prefix, %s AS is_live FROM api_key WHERE owner = :owner AND prefix = :actor"
              .formatted(LIVE));

  private static final int MOST_KEYS = 100;

  private final Pool pool;
  private final Actor actor;

  PostgresKeys(Pool pool, Actor actor) {
    this.pool = pool;
    this.actor = actor;
  }

  Future<Optional<Key>> find(String prefix) {
    return FIND.with("prefix", prefix).on(pool).map(rows -> first(rows).map(Issued::key));
  }

  Future<List<Issued>> of(OwnerId owner) {
    return LIST.with("owner", owner.number())
        .on(pool)
        .map(
            rows -> {
              var keys = new ArrayList<Issued>();
              rows.forEach(row -> keys.add(issued(row)));
              return keys;
            });
  }

  Future<KeyCreation> add(Key key) {
    return Writes.once(
        actor,
        pool,
        connection ->
            locked(
                connection, key, new CreatorHasEnded(), creators -> add(connection, key, creators)),
        creation ->
            creation instanceof Issued issued
                ? Optional.of(issued.key().prefix())
                : Optional.empty(),
        repeat -> repeat);
  }

  private static Future<KeyCreation> add(SqlConnection connection, Key key, String[] creators) {
    return with(ADD.with("owner", key.owner().number()), key)
        .with("creators", creators)
        .with("most", MOST_KEYS)
        .on(connection)
        .map(rows -> first(rows).<KeyCreation>map(issued -> issued).orElseGet(TooManyKeys::new));
  }

  /** Locks the keys of an owner. */
  private static Future<RowSet<Row>> lock(SqlConnection connection, OwnerId owner) {
    return LOCK.with("owner", owner.number()).on(connection);
  }

  /**
   * Creates a key while no key of the owner changes, unless the key of the actor has just ended:
   * the new key would not be among the descendants that ended with it.
   */
  private <T> Future<T> locked(
      SqlConnection connection, Key key, T refusal, Function<String[], Future<T>> creation) {
    return lock(connection, key.owner())
        .compose(
            _ ->
                CREATOR
                    .with("owner", key.owner().number())
                    .with("actor", actor.name())
                    .on(connection))
        .compose(
            rows -> {
              for (var row : rows) {
                return row.getBoolean("is_live")
                    ? creation.apply(new String[] {row.getString("prefix")})
                    : Future.succeededFuture(refusal);
              }
              return creation.apply(new String[0]);
            });
  }

  Future<Boolean> revoke(OwnerId owner, String prefix, boolean withDescendants) {
    var statement =
        REVOKE
            .with("owner", owner.number())
            .with("prefix", prefix)
            .with("descendants", withDescendants);
    return Writes.as(
            actor,
            pool,
            connection -> lock(connection, owner).compose(_ -> statement.on(connection)))
        .map(rows -> rows.size() > 0);
  }

  Future<Optional<Issued>> rotate(String prefix, Instant end, Key key) {
    return Writes.as(
        actor,
        pool,
        connection ->
            locked(
                connection,
                key,
                Optional.empty(),
                creators ->
                    with(ROTATE.with("owner", key.owner().number()), key)
                        .with("creators", creators)
                        .with("old", prefix)
                        .with("end", end.atOffset(ZoneOffset.UTC))
                        .on(connection)
                        .map(PostgresKeys::first)));
  }

  /** Gives a statement the values of a key, without its owner. */
  static SqlStatement with(SqlStatement statement, Key key) {
    var terms = key.terms();
    return statement
        .with("prefix", key.prefix())
        .with("hash", key.hash())
        .with("name", terms.name())
        .with("scopes", terms.scopes().stream().map(Scope::name).toArray(String[]::new))
        .with("expires_at", terms.expiresAt().map(at -> at.atOffset(ZoneOffset.UTC)).orElse(null));
  }

  private static Optional<Issued> first(RowSet<Row> rows) {
    var row = rows.iterator();
    return row.hasNext() ? Optional.of(issued(row.next())) : Optional.empty();
  }

  private static Issued issued(Row row) {
    var scopes =
        Arrays.stream(row.getArrayOfStrings("scopes"))
            .map(Scope::valueOf)
            .collect(Collectors.toUnmodifiableSet());
    var expires =
        Optional.ofNullable(row.getOffsetDateTime("expires_at")).map(OffsetDateTime::toInstant);
    var key =
        new Key(
            row.getString("prefix"),
            row.getString("hash"),
            new OwnerId(row.getLong("owner")),
            new Terms(row.getString("name"), scopes, expires));
    return new Issued(key, row.getOffsetDateTime("created_at").toInstant());
  }
}
