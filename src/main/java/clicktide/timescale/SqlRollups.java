package clicktide.timescale;

import clicktide.count.Clicks;
import clicktide.event.OwnerId;
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
import java.time.Duration;
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
  private static final long DAY_SECONDS = 86_400;
  private static final int ROWS_AT_A_TIME = 500;
  private static final int MOST_ROWS = 100_000;

  /** $2 to $5: from, the first whole day, behind the last whole day, to. */
  private static final String TOP_LINKS =
      """
      WITH span AS (
        SELECT $2::timestamptz AS lo, $3::timestamptz AS hi
        UNION ALL SELECT $4, $5
        UNION ALL SELECT day, day + interval '24 hours' FROM dirty_day WHERE day >= $3 AND day < $4),
      part AS (
        SELECT d.link, d.human, d.bot FROM link_day d
        WHERE d.owner = $1 AND d.day >= $3 AND d.day < $4
          AND NOT EXISTS (SELECT FROM dirty_day x WHERE x.day = d.day)
        UNION ALL
        SELECT r.link, r.human, r.bot FROM link l CROSS JOIN span
        JOIN click_row r ON r.link = l.id AND r.minute >= span.lo AND r.minute < span.hi AND r.owner = $1
        WHERE l.owner = $1)
      SELECT link.code, sum(human)::bigint AS human, sum(bot)::bigint AS bot
      FROM part JOIN link ON link.id = part.link
      GROUP BY link.code
      ORDER BY sum(human) + sum(bot) DESC, link.code
      LIMIT $6""";

  private static final String FIRST = "SELECT min(created_at) FROM link WHERE owner = $1";

  private static final String FRESHNESS = "SELECT through, silent FROM fence WHERE sink = 'rollup'";

  private final Pool pool;

  public SqlRollups(Pool pool) {
    this.pool = pool;
  }

  @Override
  public Future<Map<Key, Clicks>> clicks(Question question) {
    var query = AggregateQuery.of(question).orElseGet(() -> RowQuery.clicks(question));
    return pool.preparedQuery(query.sql())
        .execute(query.parameters())
        .map(
            rows -> {
              if (rows.size() > MOST_ROWS) {
                throw new TooMany();
              }
              var counts = new HashMap<Key, Clicks>();
              for (var row : rows) {
                counts.merge(key(question, row), clicks(row), Clicks::plus);
              }
              return counts;
            });
  }

  @Override
  public Future<Void> visitors(Question question, ObjLongConsumer<Key> visitor) {
    var query = RowQuery.visitors(question);
    return pool.withTransaction(
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
    var firstDay = ceilDay(from);
    var behindLastDay = floorDay(to);
    if (firstDay.isAfter(behindLastDay)) { // no whole day in it: one span of rows
      firstDay = to;
      behindLastDay = to;
    }
    var parameters =
        Tuple.of(owner.number(), utc(from), utc(firstDay), utc(behindLastDay), utc(to), limit);
    return pool.preparedQuery(TOP_LINKS).execute(parameters).map(SqlRollups::topLinks);
  }

  private static List<TopLink> topLinks(RowSet<Row> rows) {
    var links = new ArrayList<TopLink>();
    rows.forEach(row -> links.add(new TopLink(row.getString("code"), clicks(row))));
    return links;
  }

  @Override
  public Future<Optional<Instant>> first(OwnerId owner) {
    return pool.preparedQuery(FIRST)
        .execute(Tuple.of(owner.number()))
        .map(rows -> Optional.ofNullable(rows.iterator().next().getOffsetDateTime(0)))
        .map(first -> first.map(OffsetDateTime::toInstant));
  }

  @Override
  public Future<Freshness> freshness() {
    return pool.query(FRESHNESS)
        .execute()
        .map(
            rows -> {
              var through = Instant.MAX;
              var silent = new TreeSet<Long>();
              for (var row : rows) {
                var one = row.getOffsetDateTime("through").toInstant();
                through = one.isBefore(through) ? one : through;
                silent.addAll(List.of(row.getArrayOfLongs("silent")));
              }
              return new Freshness(rows.size() == 0 ? Instant.EPOCH : through, silent, rows.size());
            });
  }

  private static Key key(Question question, Row row) {
    var firstValue = row.size() - question.dimensions().size();
    var values = IntStream.range(firstValue, row.size()).mapToObj(row::getString).toList();
    return new Key(row.getInteger("bucket") - 1, values);
  }

  private static Clicks clicks(Row row) {
    return new Clicks(row.getLong("human"), row.getLong("bot"));
  }

  private static Instant floorDay(Instant at) {
    return Instant.ofEpochSecond(at.getEpochSecond() / DAY_SECONDS * DAY_SECONDS);
  }

  private static Instant ceilDay(Instant at) {
    var floor = floorDay(at);
    return floor.equals(at) ? at : floor.plus(Duration.ofDays(1));
  }

  private static OffsetDateTime utc(Instant at) {
    return at.atOffset(ZoneOffset.UTC);
  }
}
