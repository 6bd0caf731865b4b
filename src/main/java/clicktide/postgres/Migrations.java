package clicktide.postgres;

import java.sql.SQLException;
import java.sql.Statement;
import org.flywaydb.core.Flyway;

/**
 * Migrates the schema at each start: first the versioned migrations, then every repeatable one
 * (procedures and functions) whose text has changed. Processes that start together wait for each
 * other.
 */
public final class Migrations {
  private static final String OFFERED =
      "SELECT EXISTS (SELECT FROM pg_available_extensions WHERE name = 'timescaledb')";

  private Migrations() {}

  /** The kind of PostgreSQL that stores the rollups. */
  public enum Flavour {
    TIMESCALE,
    POSTGRES
  }

  /** Returns the flavour, which the first start has chosen by the extensions of the server. */
  public static Flavour migrate(Database database) throws SQLException {
    var flavour = flavour(database);
    Flyway.configure()
        .dataSource(database.jdbcUrl(), database.user(), database.password())
        .locations(
            "classpath:migrations/common",
            "classpath:migrations/" + (flavour == Flavour.TIMESCALE ? "timescale" : "postgres"))
        .ignoreMigrationPatterns("*:future", "repeatable:missing") // of a later version
        .load()
        .migrate();
    return flavour;
  }

  private static Flavour flavour(Database database) throws SQLException {
    try (var connection = database.connect();
        var statement = connection.createStatement()) {
      if (is(statement, "SELECT to_regclass('flavour') IS NOT NULL")
          && is(statement, "SELECT EXISTS (SELECT FROM flavour)")) {
        return is(statement, "SELECT name = 'timescale' FROM flavour")
            ? Flavour.TIMESCALE
            : Flavour.POSTGRES;
      }
      // without a row no table of a flavour exists, so a start after a crash chooses again
      if (!is(statement, OFFERED)) {
        return Flavour.POSTGRES;
      }
      statement.execute("CREATE EXTENSION IF NOT EXISTS timescaledb");
      return Flavour.TIMESCALE;
    }
  }

  private static boolean is(Statement statement, String question) throws SQLException {
    try (var row = statement.executeQuery(question)) {
      row.next();
      return row.getBoolean(1);
    }
  }
}
