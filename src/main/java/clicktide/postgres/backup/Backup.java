package clicktide.postgres.backup;

import clicktide.postgres.Database;
import clicktide.postgres.DayPartitions;
import clicktide.postgres.UnfinishedRestore;
import clicktide.postgres.backup.BaseRowDay.ClickSums;
import clicktide.postgres.backup.Manifest.TableFile;
import clicktide.postgres.backup.TableCatalog.StoredTable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.postgresql.PGConnection;

/**
 * A consistent backup of everything in PostgreSQL, while all processes run. One connection holds
 * the snapshot, another one copies each table, and each day of base rows, in a short transaction
 * that uses it. So no lock lasts longer than the copy of one file (decision 0024).
 */
public final class Backup {
  /** Closing or dropping a day would hide its rows from the snapshot; see Refresher. */
  private static final String LOCK = "SELECT pg_advisory_lock_shared(hashtext('clicktide.backup'))";

  private static final String SESSION =
      "SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0; SET TimeZone = 'UTC'";

  private final Database database;
  private final String version;
  private final InstantSource clock;
  private final Consumer<String> report;

  /** {@code version} is that of this build; the report gets one line for each table. */
  public Backup(Database database, String version, InstantSource clock, Consumer<String> report) {
    this.database = database;
    this.version = version;
    this.clock = clock;
    this.report = report;
  }

  /** Writes the backup into a new folder, which exists only if the backup is complete. */
  public void write(Path target) throws SQLException, IOException {
    var folder = BackupFolder.temporary(target);
    var isComplete = false;
    try {
      folder.complete(copy(folder), target);
      isComplete = true;
    } finally {
      if (!isComplete) {
        folder.delete();
      }
    }
  }

  private Manifest copy(BackupFolder folder) throws SQLException, IOException {
    try (var holder = database.connect();
        var reader = database.connect()) {
      UnfinishedRestore.refuse(holder);
      var schemaVersion = TableCatalog.schemaVersion(holder);
      execute(holder, SESSION);
      execute(holder, LOCK);
      DayPartitions.makeAhead(holder, clock.instant()); // a copy of base rows would delay them
      var snapshot = export(holder);
      var takenAt = clock.instant();
      execute(reader, SESSION);
      reader.setAutoCommit(false);
      reader.setReadOnly(true);
      reader.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      var files = new Tables(reader, snapshot, folder).copy();
      var sequences = TableCatalog.sequences(holder); // never below the ids of the snapshot
      holder.commit(); // fails if the snapshot was lost meanwhile
      if (TableCatalog.schemaVersion(holder) != schemaVersion) {
        throw new IllegalStateException("The tables were migrated during the backup. Repeat it.");
      }
      return new Manifest(version, schemaVersion, takenAt, files, sequences);
    }
  }

  private static String export(Connection holder) throws SQLException {
    holder.setAutoCommit(false);
    holder.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
    return TableCatalog.names(holder, "SELECT pg_export_snapshot()").getFirst();
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** The copies of all tables, each in a transaction with the snapshot. */
  private final class Tables {
    private final Connection reader;
    private final String snapshot;
    private final BackupFolder folder;
    private final List<TableFile> files = new ArrayList<>();

    private Tables(Connection reader, String snapshot, BackupFolder folder) {
      this.reader = reader;
      this.snapshot = snapshot;
      this.folder = folder;
    }

    private List<TableFile> copy() throws SQLException, IOException {
      begin();
      TableCatalog.requireAllRows(reader);
      var tables = TableCatalog.tables(reader);
      reader.commit();
      for (var table : tables) {
        var rows = table.name().equals(TableCatalog.BASE_ROWS) ? copyDays(table) : copyTable(table);
        report.accept("%s: %,d rows".formatted(table.name(), rows));
      }
      begin();
      var days = DaySumCheck.check(reader, files);
      reader.commit();
      report.accept("Compared the sums of %d days with their base rows".formatted(days));
      return files;
    }

    private void begin() throws SQLException {
      execute(reader, "SET TRANSACTION SNAPSHOT '" + snapshot + "'");
    }

    private long copyTable(StoredTable table) throws SQLException, IOException {
      begin();
      return add(table, Optional.empty(), ClickSums.NONE);
    }

    private long copyDays(StoredTable table) throws SQLException, IOException {
      begin();
      var days = BaseRowDay.all(reader);
      reader.commit();
      var rows = 0L;
      for (var day : days) {
        begin();
        rows += add(table, Optional.of(day), day.sums(reader));
      }
      return rows;
    }

    private long add(StoredTable table, Optional<BaseRowDay> day, ClickSums sums)
        throws SQLException, IOException {
      var sql =
          "COPY (SELECT %s FROM %s WHERE %s) TO STDOUT"
              .formatted(
                  TableCatalog.quoted(table.columns()),
                  TableCatalog.quoted(List.of(table.name())),
                  day.map(BaseRowDay::condition).orElse("true"));
      var name = TableFile.name(table.name(), day.map(BaseRowDay::day));
      var written = folder.write(name, out -> copyOut(sql, out));
      reader.commit();
      files.add(TableFile.of(table, day.map(BaseRowDay::day), sums, written));
      return written.rows();
    }

    private long copyOut(String sql, OutputStream out) throws SQLException, IOException {
      return reader.unwrap(PGConnection.class).getCopyAPI().copyOut(sql, out);
    }
  }
}
