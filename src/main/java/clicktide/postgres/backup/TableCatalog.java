package clicktide.postgres.backup;

import clicktide.postgres.backup.Manifest.SequenceValue;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The tables and sequences of the product, as PostgreSQL lists them. So a backup holds the tables
 * of any schema version.
 */
final class TableCatalog {
  static final String BASE_ROWS = "click_row";

  /**
   * Each table after those that it refers to. The history of migrations and the flavour belong to a
   * database. The registry of nodes is made again from heartbeats, and days from base rows.
   */
  private static final String TABLES =
      """
      WITH RECURSIVE stored AS (
        SELECT oid, relname FROM pg_class c
        WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition
          AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_class'::regclass AND objid = c.oid AND deptype = 'e')
          AND relname <> ALL ('{flyway_schema_history,flavour,unfinished_restore,node,link_day,owner_day}')),
      depth AS (
        SELECT oid, 0 AS steps FROM stored
        UNION
        SELECT conrelid, steps + 1 FROM pg_constraint JOIN depth ON confrelid = depth.oid
        WHERE contype = 'f' AND conrelid <> confrelid)
      SELECT relname, ARRAY(
        SELECT attname::text FROM pg_attribute WHERE attrelid = oid AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
        ORDER BY attnum)
      FROM stored JOIN depth USING (oid) GROUP BY oid, relname ORDER BY max(steps), relname""";

  private static final String SEQUENCES =
      """
      SELECT sequencename, coalesce(last_value, start_value), last_value IS NOT NULL FROM pg_sequences
      WHERE schemaname = current_schema() ORDER BY sequencename""";

  /** Tables whose rows a policy may hide from this account. */
  private static final String HIDDEN =
      """
      SELECT relname FROM pg_class c
      WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r' AND row_security_active(oid)
        AND NOT EXISTS (
          SELECT FROM pg_policy WHERE polrelid = c.oid AND polname = 'application'
            AND polroles @> ARRAY[(SELECT oid FROM pg_roles WHERE rolname = current_user)])
      ORDER BY relname""";

  private static final String VERSION =
      "SELECT max(version::int) FROM flyway_schema_history WHERE success AND version IS NOT NULL";

  private TableCatalog() {}

  /** A table with its columns, without generated ones. */
  record StoredTable(String name, List<String> columns) {}

  static List<StoredTable> tables(Connection connection) throws SQLException {
    var tables = new ArrayList<StoredTable>();
    try (var statement = connection.createStatement();
        var row = statement.executeQuery(TABLES)) {
      while (row.next()) {
        var columns = (String[]) row.getArray(2).getArray();
        tables.add(new StoredTable(row.getString(1), List.of(columns)));
      }
    }
    return tables;
  }

  static List<SequenceValue> sequences(Connection connection) throws SQLException {
    var sequences = new ArrayList<SequenceValue>();
    try (var statement = connection.createStatement();
        var row = statement.executeQuery(SEQUENCES)) {
      while (row.next()) {
        sequences.add(new SequenceValue(row.getString(1), row.getLong(2), row.getBoolean(3)));
      }
    }
    return sequences;
  }

  /** Returns the version of the newest migration; throws if the database has no tables of ours. */
  static int schemaVersion(Connection connection) throws SQLException {
    try (var statement = connection.createStatement()) {
      try (var row = statement.executeQuery("SELECT to_regclass('flyway_schema_history')")) {
        row.next();
        if (row.getString(1) == null) {
          throw new IllegalStateException("The database has no tables of Clicktide.");
        }
      }
      try (var row = statement.executeQuery(VERSION)) {
        row.next();
        return row.getInt(1);
      }
    }
  }

  /** Throws {@link IllegalStateException} if a policy hides rows from this account. */
  static void requireAllRows(Connection connection) throws SQLException {
    var hidden = names(connection, HIDDEN);
    if (!hidden.isEmpty()) {
      throw new IllegalStateException(
          "The account of the backup cannot read all rows of %s. Use the account that created the tables."
              .formatted(String.join(", ", hidden)));
    }
  }

  static List<String> names(Connection connection, String sql) throws SQLException {
    var names = new ArrayList<String>();
    try (var statement = connection.createStatement();
        var row = statement.executeQuery(sql)) {
      while (row.next()) {
        names.add(row.getString(1));
      }
    }
    return names;
  }

  /** Returns names as identifiers of SQL, separated by commas. */
  static String quoted(List<String> names) {
    return names.stream().map(name -> '"' + name + '"').collect(Collectors.joining(", "));
  }
}
