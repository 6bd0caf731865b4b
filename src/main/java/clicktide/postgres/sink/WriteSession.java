package clicktide.postgres.sink;

import clicktide.postgres.Database;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * A connection and what is remembered of its database. Both end together: a database that was
 * restored, or another one after a failover, may lack what was remembered (decision 0023).
 */
record WriteSession(
    Connection connection,
    BaseRowWriter writer,
    CardinalityLimiter limiter,
    DirtyDays days,
    LostLinks lostLinks)
    implements AutoCloseable {
  static WriteSession on(Database database) throws SQLException {
    return new WriteSession(
        database.connectToWrite(),
        new BaseRowWriter(),
        new CardinalityLimiter(),
        new DirtyDays(),
        new LostLinks());
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException _) {
      // the connection is lost already, and nothing else was to be done with it
    }
  }
}
