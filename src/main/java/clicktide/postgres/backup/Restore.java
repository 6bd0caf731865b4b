package clicktide.postgres.backup;

import clicktide.postgres.Database;
import clicktide.postgres.Migrations;
import clicktide.postgres.UnfinishedRestore;
import clicktide.postgres.maintenance.Refresher;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.function.Consumer;

/**
 * The restore of a backup into an empty database of either flavour. Until all rows are committed,
 * the database has a mark, and no process starts on it (decision 0024).
 */
public final class Restore {
  /** The one file that may be absent: its keys lead from hashes back to addresses. */
  private static final String VISITOR_KEYS = "visitor_key";

  private final Database database;
  private final Refresher refresher;
  private final Log log;
  private final Consumer<String> report;

  /** The event log from which clicks after the backup are counted. */
  public enum Log {
    /** Kafka has the log whose positions the backup holds. */
    SAME,
    /** Kafka was lost as well, so the counts go on with the beginning of a new log. */
    NEW
  }

  /** The report gets a line for each step. */
  public Restore(Database database, Refresher refresher, Log log, Consumer<String> report) {
    this.database = database;
    this.refresher = refresher;
    this.log = log;
    this.report = report;
  }

  /** Restores; throws {@link IllegalStateException} or {@link IllegalArgumentException}. */
  public void read(Path source) throws SQLException, IOException {
    var folder = new BackupFolder(source);
    var manifest = folder.manifest();
    requireKnown(manifest);
    check(folder, manifest);
    try (var connection = database.connect()) {
      UnfinishedRestore.begin(connection);
      var flavour = Migrations.createTables(database, manifest.schemaVersion());
      report.accept(
          "Created the tables of schema version %d in %s"
              .formatted(manifest.schemaVersion(), flavour));
      new TableLoader(connection, folder, log, report).load(manifest);
      Migrations.migrate(database, report);
      report.accept("Refreshed the sums of %d days".formatted(refresher.refresh()));
      report.accept(
          "Compared the sums of %d days with their base rows"
              .formatted(DaySumCheck.check(connection, manifest.files())));
    }
    report.accept(
        "Restored the backup of %s. %s"
            .formatted(
                manifest.takenAt(),
                switch (log) {
                  case SAME -> "Clicks after it are counted again from Kafka.";
                  case NEW -> "Clicks of the lost log after it are lost.";
                }));
  }

  private void requireKnown(Manifest manifest) {
    var newest = Migrations.newest(database);
    if (manifest.schemaVersion() > newest) {
      throw new IllegalStateException(
          "The backup of Clicktide %s has schema version %d, and the newest known one is %d."
              .formatted(manifest.version(), manifest.schemaVersion(), newest));
    }
  }

  private void check(BackupFolder folder, Manifest manifest) throws IOException {
    for (var file : manifest.files()) {
      if (folder.has(file) || !file.table().equals(VISITOR_KEYS)) {
        folder.check(file);
      } else {
        report.accept("The file of visitor keys is absent: today's visitors may count twice");
      }
    }
    report.accept("Checked the checksums of %d files".formatted(manifest.files().size()));
  }
}
