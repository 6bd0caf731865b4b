package clicktide.postgres.backup;

import clicktide.postgres.DayPartitions;
import clicktide.postgres.UnfinishedRestore;
import clicktide.postgres.backup.Manifest.SequenceValue;
import clicktide.postgres.backup.Manifest.TableFile;
import clicktide.postgres.backup.Restore.Log;
import clicktide.postgres.backup.TableCatalog.StoredTable;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Consumer;
import org.postgresql.PGConnection;

/** The rows of a backup on their way into new tables, all in one transaction. */
final class TableLoader {
  /** COPY FROM is refused where row-level security is forced on the owner of the table. */
  private static final String FORCED =
      """
      SELECT relname FROM pg_class
      WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r' AND relforcerowsecurity""";

  /** The triggers of the audit log, which would add an entry for each row. */
  private static final String WITH_TRIGGERS =
      """
      SELECT DISTINCT relname FROM pg_trigger
        JOIN pg_class c ON c.oid = tgrelid JOIN pg_proc p ON p.oid = tgfoid AND p.pronamespace = c.relnamespace
      WHERE relnamespace = current_schema()::regnamespace AND NOT tgisinternal""";

  /** Former owners have another token, so none of their batches is applied any more. */
  private static final String NEW_TOKENS =
      "UPDATE fence SET incarnation = gen_random_uuid()::text, epoch = epoch + 1";

  private static final String NO_POSITIONS = "DELETE FROM fence; DELETE FROM event_log";

  /** The sums of days are not in the backup. */
  private static final String ALL_DIRTY = "UPDATE written_day SET refreshed = 0";

  private final Connection connection;
  private final BackupFolder folder;
  private final Log log;
  private final Consumer<String> report;

  TableLoader(Connection connection, BackupFolder folder, Log log, Consumer<String> report) {
    this.connection = connection;
    this.folder = folder;
    this.log = log;
    this.report = report;
  }

  /**
   * Loads all rows, gives the fences new tokens and removes the mark of an unfinished restore. The
   * tables are locked from the beginning, so processes that still run wait, and are refused then.
   */
  void load(Manifest manifest) throws SQLException, IOException {
    connection.setAutoCommit(false);
    execute("SET LOCAL statement_timeout = 0");
    var tables = TableCatalog.tables(connection).stream().map(StoredTable::name).toList();
    execute("TRUNCATE " + TableCatalog.quoted(tables)); // migrations have inserted rows
    var forced = TableCatalog.names(connection, FORCED);
    var withTriggers = TableCatalog.names(connection, WITH_TRIGGERS);
    alter(forced, "NO FORCE ROW LEVEL SECURITY");
    alter(withTriggers, "DISABLE TRIGGER USER");
    for (var table : tables) {
      copy(table, manifest.files().stream().filter(one -> one.table().equals(table)).toList());
    }
    alter(withTriggers, "ENABLE TRIGGER USER");
    alter(forced, "FORCE ROW LEVEL SECURITY");
    for (var sequence : manifest.sequences()) {
      set(sequence);
    }
    execute(
        switch (log) {
          case SAME -> NEW_TOKENS;
          case NEW -> NO_POSITIONS;
        });
    execute(ALL_DIRTY);
    UnfinishedRestore.end(connection);
    connection.commit();
    connection.setAutoCommit(true);
    report.accept("All rows are committed, and former owners of partitions are refused.");
    execute("ANALYZE " + TableCatalog.quoted(tables));
  }

  private void copy(String table, List<TableFile> files) throws SQLException, IOException {
    var rows = 0L;
    for (var file : files.stream().filter(folder::has).toList()) {
      rows += copy(file);
    }
    report.accept("%s: %,d rows".formatted(table, rows));
  }

  private long copy(TableFile file) throws SQLException, IOException {
    var day = file.day().map(BaseRowDay::new);
    if (day.isPresent()) {
      DayPartitions.make(connection, day.get().begin());
    }
    var sql =
        "COPY %s (%s) FROM STDIN"
            .formatted(
                TableCatalog.quoted(List.of(file.table())), TableCatalog.quoted(file.columns()));
    long rows;
    try (var in = folder.open(file)) {
      rows = connection.unwrap(PGConnection.class).getCopyAPI().copyIn(sql, in);
    }
    if (rows != file.rows() || day.isPresent() && !day.get().sums(connection).equals(file.sums())) {
      throw new IllegalStateException(
          "The restored rows of %s differ from the manifest.".formatted(file.name()));
    }
    return rows;
  }

  private void set(SequenceValue sequence) throws SQLException {
    try (var call = connection.prepareStatement("SELECT setval(?::regclass, ?, ?)")) {
      call.setString(1, sequence.name());
      call.setLong(2, sequence.value());
      call.setBoolean(3, sequence.isCalled());
      call.execute();
    }
  }

  private void alter(List<String> tables, String change) throws SQLException {
    for (var table : tables) {
      execute("ALTER TABLE %s %s".formatted(TableCatalog.quoted(List.of(table)), change));
    }
  }

  private void execute(String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
