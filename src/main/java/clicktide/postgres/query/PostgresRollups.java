package clicktide.postgres.query;

import clicktide.count.HumanBotCount;
import clicktide.event.OwnerId;
import clicktide.postgres.NamedSql;
import clicktide.postgres.OwnersView;
import clicktide.postgres.SqlStatement;
import clicktide.store.Freshness;
import clicktide.store.Rollups;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PreparedStatement;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ObjLongConsumer;
import java.util.stream.IntStream;

/**
 * The rollups of PostgreSQL, with TimescaleDB or without. Sums come from aggregates; breakdowns and
 * filters come from base rows. Each statement sees one snapshot.
 */
public final class PostgresRollups implements Rollups {
  private static final int ROWS_PER_FETCH = 500;
  private static final int MAX_ROWS = 100_000;
  private static final int ONE_MORE = MAX_ROWS + 1; // shows that there are too many

  private static final NamedSql FIRST =
      NamedSql.of("SELECT min(created_at) FROM link WHERE owner = :owner");

  private static final NamedSql TAGGED =
      NamedSql.of(
          "SELECT id FROM link WHERE owner = :owner AND tags @> :tags ORDER BY id LIMIT :limit");

  private final Pool pool;
  private final FilterNumbers filterNumbers;
  private final OwnersView views;
  private final CoverageReader coverage;

  /** Reads of an owner use {@code views}; reads for no owner use {@code pool}. */
  public PostgresRollups(Pool pool, OwnersView views) {
    this.pool = pool;
    this.filterNumbers = new FilterNumbers(pool);
    this.views = views;
    this.coverage = new CoverageReader(views);
  }

  @Override
  public Future<Result<Map<CountKey, HumanBotCount>>> clicks(RollupQuery query) {
    var rows = AggregateQuery.covers(query) ? fromAggregates(query) : fromBaseRows(query);
    return rows.map(found -> bounded(found).map(all -> counts(query, all)));
  }

  private Future<RowSet<Row>> fromAggregates(RollupQuery query) {
    return coverage.read(
        query.target().owner(),
        AggregateQuery.firstDay(query),
        query.bounds().getLast(),
        reach -> AggregateQuery.of(query, reach));
  }

  private Future<RowSet<Row>> fromBaseRows(RollupQuery query) {
    return filterNumbers
        .of(query.filters())
        .compose(
            ids -> views.of(query.target().owner(), RowQuery.clicks(query, ids, ONE_MORE)::on));
  }

  private static Result<RowSet<Row>> bounded(RowSet<Row> rows) {
    return rows.size() > MAX_ROWS ? new Result.TooMany<>() : new Result.Complete<>(rows);
  }

  private static Map<CountKey, HumanBotCount> counts(RollupQuery query, RowSet<Row> rows) {
    var counts = new HashMap<CountKey, HumanBotCount>();
    for (var row : rows) {
      counts.merge(key(query, row), clicks(row), HumanBotCount::plus);
    }
    return counts;
  }

  @Override
  public Future<Void> visitors(RollupQuery query, ObjLongConsumer<CountKey> visitor) {
    return filterNumbers
        .of(query.filters())
        .compose(ids -> visitors(query, RowQuery.visitors(query, ids), visitor));
  }

  private Future<Void> visitors(
      RollupQuery query, SqlStatement statement, ObjLongConsumer<CountKey> visitor) {
    Handler<Row> handler =
        row -> {
          var key = key(query, row);
          for (var hash : row.getArrayOfLongs("visitors")) {
            visitor.accept(key, hash);
          }
        };
    return views.of(
        query.target().owner(),
        connection ->
            connection
                .prepare(statement.text())
                .compose(
                    prepared ->
                        stream(prepared, statement.parameters(), handler)
                            .eventually(prepared::close)));
  }

  private static Future<Void> stream(
      PreparedStatement statement, Tuple parameters, Handler<Row> handler) {
    var done = Promise.<Void>promise(); // a stream has no future of its own
    var rows = statement.createStream(ROWS_PER_FETCH, parameters);
    rows.exceptionHandler(done::tryFail)
        .endHandler(_ -> done.tryComplete())
        .handler(
            row -> {
              try {
                handler.handle(row);
              } catch (RuntimeException refusal) { // the stream would go on with the next row
                done.tryFail(refusal);
                rows.close();
              }
            });
    return done.future();
  }

  @Override
  public Future<List<TopLink>> topLinks(OwnerId owner, Instant from, Instant to, int limit) {
    return coverage
        .read(owner, from, to, reach -> LeaderboardQuery.of(owner, from, to, reach, limit))
        .map(PostgresRollups::topLinks);
  }

  private static List<TopLink> topLinks(RowSet<Row> rows) {
    var links = new ArrayList<TopLink>();
    rows.forEach(row -> links.add(new TopLink(row.getString("code"), clicks(row))));
    return links;
  }

  @Override
  public Future<Result<List<Long>>> tagged(OwnerId owner, List<String> tags) {
    var statement =
        TAGGED
            .with("owner", owner.number())
            .with("tags", tags.toArray(String[]::new))
            .with("limit", ONE_MORE);
    return views
        .of(owner, statement::on)
        .map(rows -> bounded(rows).map(PostgresRollups::linkNumbers));
  }

  private static List<Long> linkNumbers(RowSet<Row> rows) {
    var links = new ArrayList<Long>();
    rows.forEach(row -> links.add(row.getLong("id")));
    return links;
  }

  @Override
  public Future<Optional<Instant>> first(OwnerId owner) {
    return views
        .of(owner, FIRST.with("owner", owner.number())::on)
        .map(rows -> Optional.ofNullable(rows.iterator().next().getOffsetDateTime(0)))
        .map(first -> first.map(OffsetDateTime::toInstant));
  }

  @Override
  public Future<Freshness> freshness() {
    return FreshnessReader.freshness(pool);
  }

  @Override
  public Future<Written> written(Instant from, Instant to) {
    return FreshnessReader.written(pool, from, to);
  }

  private static CountKey key(RollupQuery query, Row row) {
    var firstValue = row.size() - query.dimensions().size();
    var values = IntStream.range(firstValue, row.size()).mapToObj(row::getString).toList();
    return new CountKey(row.getInteger("bucket") - 1, values);
  }

  private static HumanBotCount clicks(Row row) {
    return new HumanBotCount(row.getLong("human"), row.getLong("bot"));
  }
}
