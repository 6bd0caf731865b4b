package clicktide.postgres.maintenance;

import clicktide.postgres.Database;
import clicktide.postgres.DayPartitions;
import clicktide.store.Retention;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/**
 * Maintenance of the aggregates. It refreshes dirty closed days and weeks and the quarters of the
 * running day, and drops days past their retention. Any number of processes may run it: an advisory
 * lock admits one. A crash at any point leaves days or minutes dirty, never a wrong sum.
 */
public final class Refresher {
  private static final String LOCK = "SELECT pg_try_advisory_lock(hashtext('clicktide.refresh'))";

  /**
   * A backup holds this lock shared. A day that is closed or dropped meanwhile would be empty for
   * its snapshot, because neither leaves the earlier rows.
   */
  private static final String BACKUP_LOCK =
      "SELECT pg_try_advisory_lock(hashtext('clicktide.backup'))";

  private static final String DIRTY =
      "SELECT day, version FROM dirty_day WHERE day >= ? AND day < ? ORDER BY day";

  private static final String HOLDS = "UPDATE written_day SET refreshed = ? WHERE day = ?";

  /** Expires ids by applied data, not only by the clock, because a backlog may repeat old ids. */
  private static final String FORGET_IDS =
      """
      DELETE FROM seen_id
      WHERE received_on < least(?::date, (SELECT min(through AT TIME ZONE 'UTC')::date FROM fence) - 1)""";

  /** Days older than the limit get few events, so their values are no longer limited. */
  private static final String FORGET_VALUES = "DELETE FROM admitted_value WHERE day < ?";

  /** Skips a value that a sink renews at this moment, so neither waits for the other. */
  private static final String FORGET_UNUSED_VALUES =
      """
      DELETE FROM dimension_value WHERE id IN (
        SELECT id FROM dimension_value WHERE used_through < (? AT TIME ZONE 'UTC')::date
        FOR UPDATE SKIP LOCKED)""";

  /** The delay after which nearly all clicks of a day are counted, so its week can be summed. */
  private static final Duration DAY_IS_OVER = Duration.ofDays(1);

  /** The delay after which nearly all clicks of a minute are counted. Later ones mark it dirty. */
  private static final Duration MINUTE_IS_OVER = Duration.ofSeconds(10);

  private final Database database;
  private final Retention retention;
  private final InstantSource clock;
  private final Counter refreshed;

  public Refresher(
      Database database, Retention retention, InstantSource clock, MeterRegistry metrics) {
    this.database = database;
    this.retention = retention;
    this.clock = clock;
    refreshed = metrics.counter("days_refreshed");
  }

  private record Mark(Instant day, long version) {}

  /**
   * Refreshes all dirty closed days and returns their number, 0 if another process holds the lock
   * or a backup runs. Days stay dirty meanwhile.
   */
  public int refresh() throws SQLException {
    try (var connection = database.connect()) {
      if (!locked(connection, LOCK)) {
        return 0;
      }
      refreshMinutes(connection);
      var today = clock.instant().truncatedTo(ChronoUnit.DAYS);
      DayPartitions.makeAhead(connection, today);
      if (!locked(connection, BACKUP_LOCK)) {
        return 0;
      }
      var oldest = retention.dropBefore(clock.instant());
      var marks = dirty(connection, oldest, today);
      for (var mark : marks) {
        DayPartitions.make(connection, mark.day());
        var next = mark.day().plus(1, ChronoUnit.DAYS);
        call(connection, "CALL refresh_rollups(?, ?)", mark.day(), next);
        holds(connection, mark);
        call(connection, "CALL close_day(?)", mark.day());
        refreshed.increment();
        refreshMinutes(connection); // days may be many
      }
      call(connection, "CALL sum_weeks(?, ?)", oldest, today.minus(DAY_IS_OVER));
      try (var statement = connection.prepareStatement(FORGET_IDS)) {
        // An id within the window may still come again.
        var window = today.minus(Retention.COLLECTED_IDS);
        statement.setObject(1, window.atOffset(ZoneOffset.UTC).toLocalDate());
        statement.executeUpdate();
      }
      call(connection, FORGET_VALUES, today.minus(Retention.ADMITTED_VALUES));
      call(connection, "CALL drop_before(?)", oldest);
      call(connection, FORGET_UNUSED_VALUES, oldest); // after the rows that used them
      return marks.size();
    }
  }

  /**
   * Brings the quarters of today and yesterday up to the newest minute that is over, and makes new
   * counters of click limits final.
   */
  public void refreshMinutes() throws SQLException {
    try (var connection = database.connect()) {
      if (locked(connection, LOCK)) {
        refreshMinutes(connection);
      }
    }
  }

  private void refreshMinutes(Connection connection) throws SQLException {
    var now = clock.instant();
    var yesterday = now.truncatedTo(ChronoUnit.DAYS).minus(1, ChronoUnit.DAYS);
    var over = now.minus(MINUTE_IS_OVER).truncatedTo(ChronoUnit.MINUTES);
    call(connection, "CALL refresh_minutes(?, ?)", yesterday, over);
    call(connection, "CALL finalize_click_limits()");
  }

  private static boolean locked(Connection connection, String lock) throws SQLException {
    try (var statement = connection.createStatement();
        var row = statement.executeQuery(lock)) {
      row.next();
      return row.getBoolean(1); // freed with the connection
    }
  }

  private static List<Mark> dirty(Connection connection, Instant oldest, Instant today)
      throws SQLException {
    var marks = new ArrayList<Mark>();
    try (var statement = connection.prepareStatement(DIRTY)) {
      statement.setTimestamp(1, Timestamp.from(oldest));
      statement.setTimestamp(2, Timestamp.from(today));
      try (var row = statement.executeQuery()) {
        while (row.next()) {
          marks.add(new Mark(row.getTimestamp(1).toInstant(), row.getLong(2)));
        }
      }
    }
    return marks;
  }

  /** Calls a procedure with autocommit, because some procedures commit by themselves. */
  private static void call(Connection connection, String sql, Instant... times)
      throws SQLException {
    try (var statement = connection.prepareStatement(sql)) {
      for (var i = 0; i < times.length; i++) {
        statement.setTimestamp(i + 1, Timestamp.from(times[i]));
      }
      statement.execute();
    }
  }

  /**
   * Records the refreshed version. A write in the meantime raised the version, so the day stays
   * dirty.
   */
  private static void holds(Connection connection, Mark mark) throws SQLException {
    try (var statement = connection.prepareStatement(HOLDS)) {
      statement.setLong(1, mark.version());
      statement.setTimestamp(2, Timestamp.from(mark.day()));
      statement.executeUpdate();
    }
  }
}
