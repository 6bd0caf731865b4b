package clicktide.postgres.sink;

import clicktide.count.BaseRows;
import clicktide.event.Minute;
import clicktide.postgres.DayPartitions;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

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
  void makeRoom(Connection connection, Collection<BaseRows.Row> rows) throws SQLException {
    for (var day : touched(ChronoUnit.DAYS, minutes(rows.stream()))) {
      if (!prepared.contains(day)) {
        DayPartitions.make(connection, day);
        prepared.add(day);
      }
    }
  }

  /**
   * Marks the days and minutes of rows with clicks. To be called last: writers that mark the same
   * day wait here.
   */
  static void mark(Connection connection, Collection<BaseRows.Row> rows) throws SQLException {
    var minutes = minutes(rows.stream().filter(BaseRows.Row::hasClicks));
    mark(connection, MARK_DAYS, touched(ChronoUnit.DAYS, minutes));
    mark(connection, MARK_MINUTES, touched(ChronoUnit.MINUTES, minutes));
  }

  private static void mark(Connection connection, String sql, Set<Instant> times)
      throws SQLException {
    try (var statement = connection.prepareStatement(sql)) {
      var values = times.stream().map(Instant::toString).toArray(); // with their zone
      statement.setArray(1, connection.createArrayOf("timestamptz", values));
      statement.executeUpdate();
    }
  }

  private static Set<Minute> minutes(Stream<BaseRows.Row> rows) {
    return rows.map(row -> row.cell().minute()).collect(Collectors.toSet());
  }

  private static Set<Instant> touched(ChronoUnit unit, Set<Minute> minutes) {
    return minutes.stream()
        .map(minute -> minute.start().truncatedTo(unit))
        .collect(Collectors.toSet());
  }
}
