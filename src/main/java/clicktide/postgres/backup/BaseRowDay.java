package clicktide.postgres.backup;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;

/** A UTC day of base rows. */
record BaseRowDay(LocalDate day) {
  private static final String RANGE = "SELECT min(minute), max(minute) FROM click_row";

  private static final String SUMS =
      "SELECT coalesce(sum(human), 0), coalesce(sum(bot), 0) FROM click_row WHERE ";

  /** The clicks of some rows. */
  record ClickSums(long human, long bot) {
    static final ClickSums NONE = new ClickSums(0, 0);

    @Override
    public String toString() {
      return "%d human and %d bot clicks".formatted(human, bot);
    }
  }

  /** Returns all days between the first and the last base row. */
  static List<BaseRowDay> all(Connection connection) throws SQLException {
    try (var statement = connection.createStatement();
        var row = statement.executeQuery(RANGE)) {
      row.next();
      var first = Optional.ofNullable(row.getTimestamp(1));
      if (first.isEmpty()) {
        return List.of();
      }
      var last = date(row.getTimestamp(2).toInstant());
      return date(first.get().toInstant())
          .datesUntil(last.plusDays(1))
          .map(BaseRowDay::new)
          .toList();
    }
  }

  private static LocalDate date(Instant at) {
    return at.atOffset(ZoneOffset.UTC).toLocalDate();
  }

  /** Returns the condition of the rows, with constants, so that a plan reads one partition. */
  String condition() {
    return "minute >= '%sT00:00:00Z' AND minute < '%sT00:00:00Z'".formatted(day, day.plusDays(1));
  }

  /** Returns the time at which the day begins. */
  Instant begin() {
    return day.atStartOfDay(ZoneOffset.UTC).toInstant();
  }

  ClickSums sums(Connection connection) throws SQLException {
    try (var statement = connection.createStatement();
        var row = statement.executeQuery(SUMS + condition())) {
      row.next();
      return new ClickSums(row.getLong(1), row.getLong(2));
    }
  }
}
