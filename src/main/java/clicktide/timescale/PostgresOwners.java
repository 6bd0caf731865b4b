package clicktide.timescale;

import clicktide.event.OwnerId;
import clicktide.link.Network;
import clicktide.store.Owners;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
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
      INSERT INTO api_key (prefix, hash, owner, scopes) SELECT $3, $4, id, $5 FROM made""";

  private static final String EXISTS = "SELECT EXISTS (SELECT FROM owner WHERE id = $1)";

  private static final String FIND =
      "SELECT id, name, own_networks, created_at FROM owner WHERE id = $1";

  private static final String CHANGE =
      """
      UPDATE owner SET name = coalesce($2, name), own_networks = coalesce($3, own_networks) WHERE id = $1
      RETURNING id, name, own_networks, created_at""";

  private static final String KEY =
      "SELECT prefix, hash, owner, scopes FROM api_key WHERE prefix = $1";

  private final Pool pool;

  public PostgresOwners(Pool pool) {
    this.pool = pool;
  }

  @Override
  public Future<Void> create(OwnerId owner, String name, Key key) {
    var scopes = key.scopes().stream().map(Scope::name).toArray(String[]::new);
    return pool.preparedQuery(CREATE)
        .execute(Tuple.of(owner.number(), name, key.prefix(), key.hash(), scopes))
        .mapEmpty();
  }

  @Override
  public Future<Boolean> exists(OwnerId owner) {
    return pool.preparedQuery(EXISTS)
        .execute(Tuple.of(owner.number()))
        .map(rows -> rows.iterator().next().getBoolean(0));
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
    return pool.preparedQuery(CHANGE)
        .execute(Tuple.of(owner.number(), name.orElse(null), networks.orElse(null)))
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

  private static Key key(Row row) {
    Set<Scope> scopes =
        Arrays.stream(row.getArrayOfStrings("scopes"))
            .map(Scope::valueOf)
            .collect(Collectors.toUnmodifiableSet());
    return new Key(
        row.getString("prefix"), row.getString("hash"), new OwnerId(row.getLong("owner")), scopes);
  }
}
