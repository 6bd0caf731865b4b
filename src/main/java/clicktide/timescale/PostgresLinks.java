package clicktide.timescale;

import clicktide.event.OwnerId;
import clicktide.link.Code;
import clicktide.link.Link;
import clicktide.link.Network;
import clicktide.store.Links;
import io.vertx.core.Future;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Links in PostgreSQL. */
public final class PostgresLinks implements Links {
  private static final int PAGE = 10_000;
  private static final String UNIQUE_VIOLATION = "23505";

  private static final String CREATE =
      """
      INSERT INTO link (code, owner, destination, status, state, tracking, starts_at, expires_at)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
      RETURNING *""";

  private static final String FIND = "SELECT * FROM link WHERE code = $1";

  private static final String CHANGE =
      """
      UPDATE link
      SET destination = $3, status = $4, state = $5, tracking = $6, starts_at = $7, expires_at = $8,
          version = version + 1, updated_at = clock_timestamp()
      WHERE id = $1 AND version = $2
      RETURNING *""";

  private static final String LIST =
      """
      SELECT * FROM link
      WHERE owner = $1 AND id < $2 AND state <> 'DELETED'
      ORDER BY id DESC LIMIT $3""";

  /**
   * A change becomes visible at commit, a little after its time. So the last ten seconds are read
   * again while changes are young; now() is stable, so the index serves.
   */
  private static final String CHANGED =
      """
      SELECT * FROM link
      WHERE (updated_at, id) > (
        CASE WHEN $1 > now() - interval '20 seconds' AND $2 = 0 THEN $1 - interval '10 seconds' ELSE $1 END, $2)
      ORDER BY updated_at, id LIMIT $3""";

  private static final String OWN_NETWORKS =
      "SELECT id, own_networks FROM owner WHERE own_networks <> '{}'";

  private final Pool pool;

  public PostgresLinks(Pool pool) {
    this.pool = pool;
  }

  @Override
  public Future<Link> create(Draft draft) {
    var code = draft.code().orElseGet(Code::random);
    var values = with(Tuple.of(code, draft.owner().number()), draft.rules());
    return pool.preparedQuery(CREATE)
        .execute(values)
        .map(rows -> link(rows.iterator().next()))
        .recover(
            failure -> {
              var taken =
                  failure instanceof PgException e && UNIQUE_VIOLATION.equals(e.getSqlState());
              if (taken && draft.code().isEmpty()) {
                return create(draft); // a random code met another one
              }
              return Future.failedFuture(taken ? new Taken(code) : failure);
            });
  }

  @Override
  public Future<Optional<Link>> find(String code) {
    return pool.preparedQuery(FIND).execute(Tuple.of(code)).map(PostgresLinks::first);
  }

  @Override
  public Future<Optional<Link>> change(Link link, Link.Rules rules) {
    return pool.preparedQuery(CHANGE)
        .execute(with(Tuple.of(link.id(), link.version()), rules))
        .map(PostgresLinks::first);
  }

  private static Tuple with(Tuple values, Link.Rules rules) {
    return values
        .addValue(rules.destination())
        .addValue(rules.status())
        .addValue(rules.state().name())
        .addValue(rules.tracking().name())
        .addValue(time(rules.startsAt()))
        .addValue(time(rules.expiresAt()));
  }

  @Override
  public Future<List<Link>> list(OwnerId owner, long before, int limit) {
    return pool.preparedQuery(LIST)
        .execute(Tuple.of(owner.number(), before, limit))
        .map(
            rows -> {
              var links = new ArrayList<Link>();
              rows.forEach(row -> links.add(link(row)));
              return links;
            });
  }

  @Override
  public Future<Map<OwnerId, List<Network>>> ownNetworks() {
    return pool.query(OWN_NETWORKS)
        .execute()
        .map(
            rows -> {
              var networks = new HashMap<OwnerId, List<Network>>();
              for (var row : rows) {
                var own = PostgresOwners.networks(row.getArrayOfStrings("own_networks"));
                networks.put(new OwnerId(row.getLong("id")), own);
              }
              return networks;
            });
  }

  @Override
  public Future<Instant> changedSince(Instant since, Consumer<Link> consumer) {
    return page(since, 0, consumer);
  }

  private Future<Instant> page(Instant after, long id, Consumer<Link> consumer) {
    return pool.preparedQuery(CHANGED)
        .execute(Tuple.of(after.atOffset(ZoneOffset.UTC), id, PAGE))
        .compose(
            rows -> {
              var last = (Link) null;
              for (var row : rows) {
                last = link(row);
                consumer.accept(last);
              }
              if (last == null) {
                return Future.succeededFuture(after);
              }
              return rows.size() < PAGE
                  ? Future.succeededFuture(last.updatedAt())
                  : page(last.updatedAt(), last.id(), consumer);
            });
  }

  private static Optional<Link> first(RowSet<Row> rows) {
    var row = rows.iterator();
    return row.hasNext() ? Optional.of(link(row.next())) : Optional.empty();
  }

  private static Link link(Row row) {
    return new Link(
        row.getLong("id"),
        row.getString("code"),
        new OwnerId(row.getLong("owner")),
        new Link.Rules(
            row.getString("destination"),
            row.getInteger("status"),
            Link.State.valueOf(row.getString("state")),
            Link.Tracking.valueOf(row.getString("tracking")),
            Optional.ofNullable(row.getOffsetDateTime("starts_at")).map(OffsetDateTime::toInstant),
            Optional.ofNullable(row.getOffsetDateTime("expires_at"))
                .map(OffsetDateTime::toInstant)),
        row.getInteger("version"),
        row.getOffsetDateTime("created_at").toInstant(),
        row.getOffsetDateTime("updated_at").toInstant());
  }

  private static OffsetDateTime time(Optional<Instant> instant) {
    return instant.map(at -> at.atOffset(ZoneOffset.UTC)).orElse(null);
  }
}
