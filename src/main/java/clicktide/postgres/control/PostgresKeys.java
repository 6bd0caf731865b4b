package clicktide.postgres.control;

import clicktide.event.OwnerId;
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
import io.vertx.sqlclient.Tuple;
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

  private static final String KEY = "SELECT * FROM api_key WHERE prefix = $1 AND " + LIVE;

  private static final String KEYS =
      "SELECT * FROM api_key WHERE owner = $1 AND " + LIVE + " ORDER BY created_at DESC, prefix";

  /** Locks the owner's row, so that two calls cannot count the same keys. */
  private static final String ADD =
      """
      WITH of AS (SELECT id FROM owner WHERE id = $3 FOR UPDATE)
      INSERT INTO api_key (prefix, hash, owner, name, scopes, expires_at)
      SELECT $1, $2, id, $4, $5, $6 FROM of
      WHERE (SELECT count(*) FROM api_key WHERE owner = $3 AND %s) < $7
      RETURNING *"""
          .formatted(LIVE);

  private static final String REVOKE =
      """
      UPDATE api_key SET revoked_at = now()
      WHERE owner = $1 AND prefix = $2 AND revoked_at IS NULL RETURNING prefix""";

  private static final String ROTATE =
      """
      WITH old AS (
        UPDATE api_key SET rotated_at = now(), expires_at = least(expires_at, $8)
        WHERE owner = $3 AND prefix = $7 AND rotated_at IS NULL AND %s
        RETURNING owner)
      INSERT INTO api_key (prefix, hash, owner, name, scopes, expires_at)
      SELECT $1, $2, owner, $4, $5, $6 FROM old
      RETURNING *"""
          .formatted(LIVE);

  private static final int MOST_KEYS = 100;

  private final Pool pool;
  private final Actor actor;

  PostgresKeys(Pool pool, Actor actor) {
    this.pool = pool;
    this.actor = actor;
  }

  Future<Optional<Key>> find(String prefix) {
    return pool.preparedQuery(KEY)
        .execute(Tuple.of(prefix))
        .map(rows -> first(rows).map(Issued::key));
  }

  Future<List<Issued>> of(OwnerId owner) {
    return pool.preparedQuery(KEYS)
        .execute(Tuple.of(owner.number()))
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
            connection
                .preparedQuery(ADD)
                .execute(values(key).addValue(MOST_KEYS))
                .map(
                    rows ->
                        first(rows).<KeyCreation>map(issued -> issued).orElseGet(TooManyKeys::new)),
        creation ->
            creation instanceof Issued issued
                ? Optional.of(issued.key().prefix())
                : Optional.empty(),
        repeat -> repeat);
  }

  Future<Boolean> revoke(OwnerId owner, String prefix) {
    return write(REVOKE, Tuple.of(owner.number(), prefix)).map(rows -> rows.size() > 0);
  }

  Future<Optional<Issued>> rotate(String prefix, Instant end, Key key) {
    return write(ROTATE, values(key).addValue(prefix).addValue(end.atOffset(ZoneOffset.UTC)))
        .map(PostgresKeys::first);
  }

  private Future<RowSet<Row>> write(String sql, Tuple values) {
    return Writes.as(actor, pool, connection -> connection.preparedQuery(sql).execute(values));
  }

  private static Tuple values(Key key) {
    return with(Tuple.of(key.prefix(), key.hash(), key.owner().number()), key.terms());
  }

  static Tuple with(Tuple values, Terms terms) {
    return values
        .addValue(terms.name())
        .addValue(terms.scopes().stream().map(Scope::name).toArray(String[]::new))
        .addValue(terms.expiresAt().map(at -> at.atOffset(ZoneOffset.UTC)).orElse(null));
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
