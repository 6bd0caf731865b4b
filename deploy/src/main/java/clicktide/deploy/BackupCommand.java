package clicktide.deploy;

import clicktide.embedded.EmbeddedServers;
import clicktide.postgres.Database;
import clicktide.postgres.backup.Backup;
import clicktide.postgres.backup.Restore;
import clicktide.postgres.backup.Restore.Log;
import clicktide.postgres.maintenance.Refresher;
import clicktide.settings.Settings;
import clicktide.time.TimeSource;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The commands {@code clicktide backup} and {@code clicktide restore}, for an external PostgreSQL
 * or the embedded one of a data folder, which they start if no process runs it.
 */
final class BackupCommand {
  static final String USAGE = "clicktide backup DIR | restore DIR [--new-log] [--data DIR]";

  private final Settings settings;
  private final TimeSource time = TimeSource.system();
  private final Consumer<String> report;

  private BackupCommand(Settings settings, Consumer<String> report) {
    this.settings = settings;
    this.report = report;
  }

  private interface DatabaseTask {
    void on(Database database) throws SQLException, IOException;
  }

  /** Returns true if this class has the command. */
  static boolean knows(String command) {
    return List.of("backup", "restore").contains(command);
  }

  /** Runs a command; throws an exception with a sentence for the user. */
  static void run(Map<String, String> environment, List<String> arguments, PrintStream out)
      throws IOException {
    var words = new ArrayList<>(arguments);
    var options = new ArrayList<>(List.of("management")); // needs PostgreSQL alone
    var flag = words.indexOf("--data");
    if (flag >= 0 && flag + 1 < words.size()) {
      options.addAll(List.of(words.remove(flag), words.remove(flag)));
    }
    var log = words.remove("--new-log") ? Log.NEW : Log.SAME;
    if (words.size() != 2) {
      throw new IllegalArgumentException("usage: " + USAGE);
    }
    var folder = Path.of(words.getLast());
    var command = new BackupCommand(Settings.from(environment, options), out::println);
    try {
      if (words.getFirst().equals("backup")) {
        command.backup(folder);
      } else {
        command.restore(folder, log);
      }
    } catch (SQLException failure) {
      throw new IllegalStateException(
          "The %s failed: %s".formatted(words.getFirst(), failure.getMessage()), failure);
    }
  }

  private void backup(Path folder) throws SQLException, IOException {
    if (settings.postgres().isEmpty()
        && Files.notExists(settings.data().resolve("postgres").resolve("PG_VERSION"))) {
      throw new IllegalArgumentException(
          "Clicktide has never started an embedded PostgreSQL with the data folder %s. Name the folder with --data, or PostgreSQL with CLICKTIDE_POSTGRES."
              .formatted(settings.data()));
    }
    with(database -> new Backup(database, Version.TEXT, time, report).write(folder));
    report.accept("The backup is complete: %s".formatted(folder));
  }

  private void restore(Path folder, Log log) throws SQLException, IOException {
    with(
        database -> {
          var refresher =
              new Refresher(database, settings.retention(), time, new SimpleMeterRegistry());
          new Restore(database, refresher, log, report).read(folder);
        });
  }

  private void with(DatabaseTask task) throws SQLException, IOException {
    if (settings.postgres().isPresent()) {
      task.on(settings.postgres().get());
      return;
    }
    var running = EmbeddedServers.runningPostgres(settings.data());
    if (running.isPresent()) {
      task.on(Database.at(URI.create(running.get())));
      return;
    }
    try (var closer = new Closer()) {
      closer.add(FolderLock.ofData(settings.data()));
      var servers = Infrastructure.start(settings);
      servers.embedded().ifPresent(closer::add);
      task.on(servers.postgres());
    }
  }
}
