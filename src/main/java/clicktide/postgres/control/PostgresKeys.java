package clicktide.postgres.control;

import clicktide.event.OwnerId;
import clicktide.postgres.NamedSql;
import clicktide.postgres.SqlStatement;
import clicktide.postgres.Writes;
import clicktide.store.Actor;
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
      INSERT INTO api_key (prefix, hash, owner, name, scopes, expires_at)
      SELECT :prefix, :hash, :owner, :name, :scopes, :expires_at
      WHERE (SELECT count(*) FROM api_key WHERE owner = :owner AND %s) < :most
      RETURNING *"""
              .formatted(LIVE));

  private static final NamedSql REVOKE =
      NamedSql.of(
          """
      UPDATE api_key SET revoked_at = now()
      WHERE owner = :owner AND prefix = :prefix AND revoked_at IS NULL RETURNING prefix""");

  private static final NamedSql ROTATE =
      NamedSql.of(
          """
      WITH old AS (
        UPDATE api_key SET rotated_at = now(), expires_at = least(expires_at, :end)
        WHERE owner = :owner AND prefix = :old AND rotated_at IS NULL AND %s
        RETURNING owner)
      INSERT INTO api_key (prefix, hash, owner, name, scopes, expires_at)
      SELECT :prefix, :hash, owner, :name, :scopes, :expires_at FROM old
      RETURNING *"""
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
        connection -> add(connection, key),
        creation ->
            creation instanceof Issued issued
                ? Optional.of(issued.key().prefix())
                : Optional.empty(),
        repeat -> repeat);
  }

  private static Future<KeyCreation> add(SqlConnection connection, Key key) {
    var owner = key.owner().number();
    return LOCK.with("owner", owner)
        .on(connection)
        .compose(_ -> with(ADD.with("owner", owner).with("most", MOST_KEYS), key).on(connection))
        .map(rows -> first(rows).<KeyCreation>map(issued -> issued).orElseGet(TooManyKeys::new));
  }

  Future<Boolean> revoke(OwnerId owner, String prefix) {
    return write(REVOKE.with("owner", owner.number()).with("prefix", prefix))
        .map(rows -> rows.size() > 0);
  }

  Future<Optional<Issued>> rotate(String prefix, Instant end, Key key) {
    return write(
            with(ROTATE.with("owner", key.owner().number()), key)
                .with("old", prefix)
                .with("end", end.atOffset(ZoneOffset.UTC)))
        .map(PostgresKeys::first);
  }

  private Future<RowSet<Row>> write(SqlStatement statement) {
    return Writes.as(actor, pool, statement::on);
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
