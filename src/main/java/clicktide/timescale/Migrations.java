package clicktide.timescale;

import java.sql.SQLException;
import org.flywaydb.core.Flyway;

/**
 * Brings the schema up to date at each start. Processes that start together wait for each other.
 */
public final class Migrations {
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
        .load()
        .migrate();
    return flavour;
  }

  private static Flavour flavour(Database database) throws SQLException {
    try (var connection = database.connect();
        var statement = connection.createStatement()) {
      try (var recorded = statement.executeQuery("SELECT to_regclass('flavour') IS NOT NULL")) {
        recorded.next();
        if (recorded.getBoolean(1)) {
          return recorded(database);
        }
      }
      try (var offered =
          statement.executeQuery(
              "SELECT EXISTS (SELECT FROM pg_available_extensions WHERE name = 'timescaledb')")) {
        offered.next();
        if (!offered.getBoolean(1)) {
          return Flavour.POSTGRES;
        }
      }
      statement.execute("CREATE EXTENSION IF NOT EXISTS timescaledb");
      return Flavour.TIMESCALE;
    }
  }

  private static Flavour recorded(Database database) throws SQLException {
    try (var connection = database.connect();
        var statement = connection.createStatement();
        var row = statement.executeQuery("SELECT name FROM flavour")) {
      // Between the common migrations and the flavour's own one, nothing is recorded yet.
      if (row.next()) {
        return row.getString(1).equals("timescale") ? Flavour.TIMESCALE : Flavour.POSTGRES;
      }
    }
    try (var connection = database.connect();
        var statement = connection.createStatement();
        var row =
            statement.executeQuery(
                "SELECT EXISTS (SELECT FROM pg_extension WHERE extname = 'timescaledb')")) {
      row.next();
      return row.getBoolean(1) ? Flavour.TIMESCALE : Flavour.POSTGRES;
    }
  }
}
