package clicktide.timescale;

import clicktide.count.Visit;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The days that a writer touches: there is room for their rows, and they are marked as dirty. */
final class WrittenDays {
  private static final String MARK =
      """
      INSERT INTO written_day (day) VALUES (?)
      ON CONFLICT (day) DO UPDATE SET version = written_day.version + 1""";

  private final Set<Instant> prepared = new HashSet<>();

  /** Before the transaction, since making a partition of the table locks it. */
  @SafeVarargs
  final void makeRoom(Connection connection, List<Visit>... visits) throws SQLException {
    for (var day : days(visits)) {
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
  static void mark(Connection connection, List<Visit>... visits) throws SQLException {
    try (var statement = connection.prepareStatement(MARK)) {
      for (var day : days(visits)) {
        statement.setTimestamp(1, Timestamp.from(day));
        statement.addBatch();
      }
      statement.executeBatch();
    }
  }

  @SafeVarargs
  private static Set<Instant> days(List<Visit>... visits) {
    var days = new TreeSet<Instant>(); // in one order everywhere, so that writers cannot deadlock
    for (var some : visits) {
      some.forEach(visit -> days.add(visit.click().at().truncatedTo(ChronoUnit.DAYS)));
    }
    return days;
  }
}
