package clicktide.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * The partitions of base rows, one for each UTC day. To make one locks all base rows for a moment,
 * so each is made with autocommit. TimescaleDB makes its chunks itself.
 */
public final class DayPartitions {
  private static final int AHEAD = 3;

  private DayPartitions() {}

  /** Makes the partition of the day of an instant, if there is none. */
  public static void make(Connection connection, Instant at) throws SQLException {
    try (var call = connection.prepareStatement("CALL make_room(?)")) {
      call.setTimestamp(1, Timestamp.from(at));
      call.execute();
    }
  }

  /** Makes the partitions of today and of the next days. */
  public static void makeAhead(Connection connection, Instant now) throws SQLException {
    for (var days = 0; days < AHEAD; days++) {
      make(connection, now.plus(days, ChronoUnit.DAYS));
    }
  }
}
