package clicktide.postgres;

import java.sql.SQLException;
import java.sql.Statement;
import org.flywaydb.core.Flyway;

/**
 * Brings the schema up to date at each start: first the versioned migrations, then every repeatable
 * one (procedures and functions) whose text has changed. Processes that start together wait for
 * each other.
 */
public final class Migrations {
  private static final String OFFERED =
      "SELECT EXISTS (SELECT FROM pg_available_extensions WHERE name = 'timescaledb')";

  private Migrations() {}

  /** Which kind of PostgreSQL keeps the rollups. */
  public enum Flavour {
    TIMESCALE,
    POSTGRES
  }

  /** The flavour that the first start chose; that one chooses by what the server offers. */
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
      // Nothing of a flavour was made yet, so a start that died before may choose again.
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
