package clicktide.postgres.backup;

import clicktide.postgres.backup.BaseRowDay.ClickSums;
import clicktide.postgres.backup.Manifest.TableFile;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The comparison of the sums of days with the base rows that a backup has read: in the snapshot of
 * the backup, and after a restore has made the sums again.
 */
final class DaySumCheck {
  private static final List<String> SUMS =
      List.of(
          "SELECT (day AT TIME ZONE 'UTC')::date, sum(human), sum(bot) FROM link_day GROUP BY 1",
          "SELECT (day AT TIME ZONE 'UTC')::date, sum(human), sum(bot) FROM owner_day GROUP BY 1",
          "SELECT (day AT TIME ZONE 'UTC')::date, sum(human_sum), sum(bot_sum) FROM link_quarter GROUP BY 1");

  private static final String CLEAN =
      "SELECT (day AT TIME ZONE 'UTC')::date FROM written_day WHERE refreshed = version";

  private DaySumCheck() {}

  /** Returns the number of days that were compared; throws if a sum differs. */
  static int check(Connection connection, List<TableFile> files) throws SQLException {
    var clean = clean(connection);
    var days =
        files.stream().filter(file -> file.day().filter(clean::contains).isPresent()).toList();
    for (var sql : SUMS) {
      var sums = sums(connection, sql);
      for (var file : days) {
        var day = file.day().orElseThrow();
        var found = sums.getOrDefault(day, ClickSums.NONE);
        if (!found.equals(file.sums())) {
          throw new IllegalStateException(
              "The day %s has %s by its sums and %s by its base rows."
                  .formatted(day, found, file.sums()));
        }
      }
    }
    return days.size();
  }

  private static Set<LocalDate> clean(Connection connection) throws SQLException {
    var days = new HashSet<LocalDate>();
    try (var statement = connection.createStatement();
        var row = statement.executeQuery(CLEAN)) {
      while (row.next()) {
        days.add(row.getObject(1, LocalDate.class));
      }
    }
    return days;
  }

  private static Map<LocalDate, ClickSums> sums(Connection connection, String sql)
      throws SQLException {
    var sums = new HashMap<LocalDate, ClickSums>();
    try (var statement = connection.createStatement();
        var row = statement.executeQuery(sql)) {
      while (row.next()) {
        sums.put(row.getObject(1, LocalDate.class), new ClickSums(row.getLong(2), row.getLong(3)));
      }
    }
    return sums;
  }
}
