package clicktide.postgres;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * The mark of a database in which a restore has begun and has not committed its rows. It is a
 * table, created before all others. No process starts on such a database.
 */
public final class UnfinishedRestore {
  private static final String HAS = "SELECT to_regclass('unfinished_restore') IS NOT NULL";

  /** Objects of an extension do not count: TimescaleDB may have been created. */
  private static final String IS_EMPTY =
      """
      SELECT NOT EXISTS (
        SELECT FROM pg_class c WHERE relnamespace = current_schema()::regnamespace
          AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_class'::regclass AND objid = c.oid AND deptype = 'e'))""";

  private static final String CREATE =
      "CREATE TABLE unfinished_restore (started_at timestamptz NOT NULL DEFAULT now())";

  private UnfinishedRestore() {}

  /** Marks an empty database; throws {@link IllegalStateException} if it is not empty. */
  public static void begin(Connection connection) throws SQLException {
    refuse(connection);
    if (!is(connection, IS_EMPTY)) {
      throw new IllegalStateException(
          "The database is not empty. The database of a restore must have no tables.");
    }
    try (var statement = connection.createStatement()) {
      statement.execute(CREATE);
    }
  }

  /** Throws {@link IllegalStateException} if a restore of the database did not finish. */
  public static void refuse(Connection connection) throws SQLException {
    if (is(connection, HAS)) {
      throw new IllegalStateException(
          "The database has a restore that did not finish. Restore the backup into a new database.");
    }
  }

  /** Removes the mark, in the transaction that has the rows. */
  public static void end(Connection connection) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute("DROP TABLE unfinished_restore");
    }
  }

  private static boolean is(Connection connection, String question) throws SQLException {
    try (var statement = connection.createStatement();
        var row = statement.executeQuery(question)) {
      row.next();
      return row.getBoolean(1);
    }
  }
}
