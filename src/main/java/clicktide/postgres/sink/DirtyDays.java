package clicktide.postgres.sink;

import clicktide.enrich.EnrichedClick;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The days that a writer touches: there is room for their rows, and they and their minutes are
 * marked as dirty.
 */
final class DirtyDays {
  /** In one order everywhere, so that writers cannot deadlock. */
  private static final String MARK_DAYS =
      """
      INSERT INTO written_day (day) SELECT unnest(?) ORDER BY 1
      ON CONFLICT (day) DO UPDATE SET version = written_day.version + 1""";

  private static final String MARK_MINUTES =
      """
      INSERT INTO dirty_minute (minute) SELECT unnest(?) ORDER BY 1
      ON CONFLICT (minute) DO UPDATE SET version = dirty_minute.version + 1""";

  private final Set<Instant> prepared = new HashSet<>();

  /** Before the transaction, since making a partition of the table locks it. */
  @SafeVarargs
  final void makeRoom(Connection connection, List<EnrichedClick>... visits) throws SQLException {
    for (var day : touched(ChronoUnit.DAYS, visits)) {
      if (!prepared.contains(day)) {
        try (var call = connection.prepareStatement("CALL make_room(?)")) {
          call.setTimestamp(1, Timestamp.from(day));
          call.execute();
        }
        prepared.add(day);
      }
    }
  }

  /** Last, so that writers who mark the same day wait for each other as short as can be. */
  @SafeVarargs
  static void mark(Connection connection, List<EnrichedClick>... visits) throws SQLException {
    mark(connection, MARK_DAYS, touched(ChronoUnit.DAYS, visits));
    mark(connection, MARK_MINUTES, touched(ChronoUnit.MINUTES, visits));
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
  private static Set<Instant> touched(ChronoUnit unit, List<EnrichedClick>... visits) {
    var times = new HashSet<Instant>();
    for (var some : visits) {
      some.forEach(visit -> times.add(visit.click().at().truncatedTo(unit)));
    }
    return times;
  }
}
