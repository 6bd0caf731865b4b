package clicktide.postgres.query;

import clicktide.count.HumanBotCount;
import clicktide.event.OwnerId;
import clicktide.postgres.OwnersView;
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
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.ObjLongConsumer;
import java.util.stream.IntStream;

/**
 * Reads rollups of either flavour: sums from the aggregates, what has a breakdown or a filter from
 * base rows. Each statement sees one snapshot.
 */
public final class SqlRollups implements Rollups {
  private static final int ROWS_AT_A_TIME = 500;
  private static final int MOST_ROWS = 100_000;

  private static final String FIRST = "SELECT min(created_at) FROM link WHERE owner = $1";

  private static final String TAGGED =
      "SELECT id FROM link WHERE owner = $1 AND tags @> $2 ORDER BY id LIMIT 100001";

  private static final String FRESHNESS = "SELECT through, silent FROM fence WHERE sink = 'rollup'";

  private static final String WRITTEN =
      """
      SELECT through, silent, (
        SELECT coalesce(sum(version), 0)::bigint FROM written_day
        WHERE day > $1::timestamptz - interval '24 hours' AND day < $2) AS version
      FROM fence WHERE sink = 'rollup'""";

  private final Pool pool;
  private final FilterNumbers numbers;
  private final OwnersView views;
  private final CoverageReader covered;

  public SqlRollups(Pool pool) {
    this.pool = pool;
    this.numbers = new FilterNumbers(pool);
    this.views = new OwnersView(pool);
    this.covered = new CoverageReader(views);
  }

  @Override
  public Future<Map<Key, HumanBotCount>> clicks(RollupQuery question) {
    return AggregateQuery.answers(question)
        ? sums(question)
        : numbers
            .of(question.filters())
            .compose(ids -> ask(question.whose().owner(), RowQuery.clicks(question, ids)))
            .map(rows -> counts(question, rows));
  }

  private Future<Map<Key, HumanBotCount>> sums(RollupQuery question) {
    var from = AggregateQuery.firstDay(question);
    return covered
        .ask(
            question.whose().owner(),
            from,
            question.bounds().getLast(),
            coverage -> AggregateQuery.of(question, coverage))
        .map(rows -> counts(question, rows));
  }

  private Future<RowSet<Row>> ask(OwnerId owner, SqlStatement query) {
    return views.of(
        owner, connection -> connection.preparedQuery(query.sql()).execute(query.parameters()));
  }

  private static Map<Key, HumanBotCount> counts(RollupQuery question, RowSet<Row> rows) {
    if (rows.size() > MOST_ROWS) {
      throw new TooMany();
    }
    var counts = new HashMap<Key, HumanBotCount>();
    for (var row : rows) {
      counts.merge(key(question, row), clicks(row), HumanBotCount::plus);
    }
    return counts;
  }

  @Override
  public Future<Void> visitors(RollupQuery question, ObjLongConsumer<Key> visitor) {
    return numbers
        .of(question.filters())
        .compose(ids -> visitors(question, RowQuery.visitors(question, ids), visitor));
  }

  private Future<Void> visitors(
      RollupQuery question, SqlStatement query, ObjLongConsumer<Key> visitor) {
    return views.of(
        question.whose().owner(),
        connection ->
            connection
                .prepare(query.sql())
                .compose(
                    statement ->
                        stream(
                                statement,
                                query.parameters(),
                                row -> {
                                  var key = key(question, row);
                                  for (var hash : row.getArrayOfLongs("visitors")) {
                                    visitor.accept(key, hash);
                                  }
                                })
                            .eventually(statement::close)));
  }

  private static Future<Void> stream(
      PreparedStatement statement, Tuple parameters, Handler<Row> handler) {
    var done = Promise.<Void>promise(); // a stream has no future of its own
    statement
        .createStream(ROWS_AT_A_TIME, parameters)
        .exceptionHandler(done::tryFail)
        .endHandler(_ -> done.tryComplete())
        .handler(handler);
    return done.future();
  }

  @Override
  public Future<List<TopLink>> topLinks(OwnerId owner, Instant from, Instant to, int limit) {
    return covered
        .ask(owner, from, to, coverage -> LeaderboardQuery.of(owner, from, to, coverage, limit))
        .map(SqlRollups::topLinks);
  }

  private static List<TopLink> topLinks(RowSet<Row> rows) {
    var links = new ArrayList<TopLink>();
    rows.forEach(row -> links.add(new TopLink(row.getString("code"), clicks(row))));
    return links;
  }

  @Override
  public Future<List<Long>> tagged(OwnerId owner, List<String> tags) {
    var parameters = Tuple.of(owner.number()).addValue(tags.toArray(String[]::new));
    return ask(owner, new SqlStatement(TAGGED, parameters))
        .map(
            rows -> {
              if (rows.size() > MOST_ROWS) {
                throw new TooMany();
              }
              var links = new ArrayList<Long>();
              rows.forEach(row -> links.add(row.getLong(0)));
              return links;
            });
  }

  @Override
  public Future<Optional<Instant>> first(OwnerId owner) {
    return ask(owner, new SqlStatement(FIRST, Tuple.of(owner.number())))
        .map(rows -> Optional.ofNullable(rows.iterator().next().getOffsetDateTime(0)))
        .map(first -> first.map(OffsetDateTime::toInstant));
  }

  @Override
  public Future<Freshness> freshness() {
    return pool.query(FRESHNESS).execute().map(SqlRollups::freshness);
  }

  @Override
  public Future<Written> written(Instant from, Instant to) {
    return pool.preparedQuery(WRITTEN)
        .execute(Tuple.of(utc(from), utc(to)))
        .map(
            rows ->
                new Written(
                    freshness(rows),
                    rows.size() == 0 ? 0 : rows.iterator().next().getLong("version")));
  }

  private static Freshness freshness(RowSet<Row> rows) {
    var through = Instant.MAX;
    var silent = new TreeSet<Long>();
    for (var row : rows) {
      var one = row.getOffsetDateTime("through").toInstant();
      through = one.isBefore(through) ? one : through;
      silent.addAll(List.of(row.getArrayOfLongs("silent")));
    }
    return new Freshness(rows.size() == 0 ? Instant.EPOCH : through, silent, rows.size());
  }

  private static Key key(RollupQuery question, Row row) {
    var firstValue = row.size() - question.dimensions().size();
    var values = IntStream.range(firstValue, row.size()).mapToObj(row::getString).toList();
    return new Key(row.getInteger("bucket") - 1, values);
  }

  private static HumanBotCount clicks(Row row) {
    return new HumanBotCount(row.getLong("human"), row.getLong("bot"));
  }

  private static OffsetDateTime utc(Instant at) {
    return at.atOffset(ZoneOffset.UTC);
  }
}
