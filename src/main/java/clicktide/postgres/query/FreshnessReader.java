package clicktide.postgres.query;

import clicktide.postgres.Database;
import clicktide.postgres.NamedSql;
import clicktide.store.Freshness;
import clicktide.store.Rollups.Written;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.time.Instant;
import java.util.List;
import java.util.TreeSet;

/** Reads the freshness of the rollups from their fences, and the nodes that are gone. */
final class FreshnessReader {
  private static final NamedSql FRESHNESS =
      NamedSql.of(
          """
          SELECT through, silent, ARRAY (SELECT id FROM gone_node) AS gone
          FROM fence WHERE sink = 'rollup'""");

  private static final NamedSql WRITTEN =
      NamedSql.of(
          """
          -- in one incarnation versions of days only grow, so their sum is the version of the range
          SELECT through, silent, ARRAY (SELECT id FROM gone_node) AS gone, %s || '/' || (
            SELECT coalesce(sum(version), 0) FROM written_day
            WHERE day > :from::timestamptz - interval '24 hours' AND day < :to) AS version
          FROM fence WHERE sink = 'rollup'"""
              .formatted(Database.INCARNATION));

  private FreshnessReader() {}

  static Future<Freshness> freshness(Pool pool) {
    return FRESHNESS.call().on(pool).map(FreshnessReader::freshness);
  }

  static Future<Written> written(Pool pool, Instant from, Instant to) {
    return WRITTEN
        .with("from", CoverageSql.utc(from))
        .with("to", CoverageSql.utc(to))
        .on(pool)
        .map(
            rows ->
                new Written(
                    freshness(rows),
                    rows.size() == 0 ? "" : rows.iterator().next().getString("version")));
  }

  private static Freshness freshness(RowSet<Row> rows) {
    var watermark = Instant.MAX;
    var silent = new TreeSet<Long>();
    var gone = new TreeSet<Long>();
    for (var row : rows) {
      var ofPartition = row.getOffsetDateTime("through").toInstant();
      watermark = ofPartition.isBefore(watermark) ? ofPartition : watermark;
      silent.addAll(List.of(row.getArrayOfLongs("silent")));
      gone.addAll(List.of(row.getArrayOfLongs("gone")));
    }
    return new Freshness(rows.size() == 0 ? Instant.EPOCH : watermark, silent, rows.size(), gone);
  }
}
