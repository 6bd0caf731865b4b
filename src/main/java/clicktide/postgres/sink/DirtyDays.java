package clicktide.postgres.sink;

import clicktide.enrich.EnrichedClick;
import clicktide.postgres.DayPartitions;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The days that a writer touches. Each gets a partition or chunk for its rows, and its day and
 * minutes are marked dirty, so that their aggregates are made again.
 */
final class DirtyDays {
  /** Marks are written in one order everywhere, so that writers cannot deadlock. */
  private static final String MARK_DAYS =
      """
      INSERT INTO written_day (day) SELECT unnest(?) ORDER BY 1
      ON CONFLICT (day) DO UPDATE SET version = written_day.version + 1""";

  private static final String MARK_MINUTES =
      """
      INSERT INTO dirty_minute (minute) SELECT unnest(?) ORDER BY 1
      ON CONFLICT (minute) DO UPDATE SET version = dirty_minute.version + 1""";

  private final Set<Instant> prepared = new HashSet<>();

  /** Makes partitions before the transaction, because making one locks the table. */
  @SafeVarargs
  final void makeRoom(Connection connection, List<EnrichedClick>... clicks) throws SQLException {
    for (var day : touched(ChronoUnit.DAYS, clicks)) {
      if (!prepared.contains(day)) {
        DayPartitions.make(connection, day);
        prepared.add(day);
      }
    }
  }

  /** Marks days and minutes. To be called last: writers that mark the same day wait here. */
  @SafeVarargs
  static void mark(Connection connection, List<EnrichedClick>... clicks) throws SQLException {
    mark(connection, MARK_DAYS, touched(ChronoUnit.DAYS, clicks));
    mark(connection, MARK_MINUTES, touched(ChronoUnit.MINUTES, clicks));
  }

  private static void mark(Connection connection, String sql, Set<Instant> times)
      throws SQLException {
    try (var statement = connection.prepareStatement(sql)) {
      var values = times.stream().map(Instant::toString).toArray(); // with their zone
      statement.setArray(1, connection.createArrayOf("timestamptz", values));
      statement.executeUpdate();
    }
  }

  @SafeVarargs
  private static Set<Instant> touched(ChronoUnit unit, List<EnrichedClick>... clicks) {
    var times = new HashSet<Instant>();
    for (var some : clicks) {
      some.forEach(click -> times.add(click.click().at().truncatedTo(unit)));
    }
    return times;
  }
}
