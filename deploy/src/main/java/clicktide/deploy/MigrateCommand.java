package clicktide.deploy;

import clicktide.postgres.Migrations;
import clicktide.settings.Settings;
import java.io.PrintStream;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;

/**
 * The command {@code clicktide migrate}, which migrates the tables of an external PostgreSQL and
 * ends, for instance as a job before an upgrade.
 */
final class MigrateCommand {
  static final String USAGE = "clicktide migrate";

  private MigrateCommand() {}

  /** Runs the command; throws an exception with a sentence for the user. */
  static void run(Map<String, String> environment, List<String> arguments, PrintStream out) {
    if (!arguments.isEmpty()) {
      throw new IllegalArgumentException("usage: " + USAGE);
    }
    var database =
        Settings.from(environment, List.of())
            .postgres()
            .orElseThrow(() -> new IllegalArgumentException("`CLICKTIDE_POSTGRES` is required."));
    try {
      Migrations.migrate(database, out::println);
      out.println("The tables are ready for Clicktide %s.".formatted(Version.TEXT));
    } catch (SQLException | RuntimeException failure) {
      throw new IllegalStateException("The migration failed: " + failure.getMessage(), failure);
    }
  }
}
