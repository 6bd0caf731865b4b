package clicktide.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationState;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Migrates the schema: first the versioned migrations, then every repeatable one (procedures and
 * functions) whose text has changed. Processes that start together wait for each other. The schema
 * of a later version stays as it is, because this version has older procedures.
 */
public final class Migrations {
  private static final Logger log = LoggerFactory.getLogger(Migrations.class);
  private static final int ATTEMPTS_PER_NOTICE = 60; // an attempt takes a second

  /** The message of Flyway, which has no code for it, after one attempt to get its lock. */
  private static final String LOCKED = "Number of retries exceeded while attempting to acquire";

  private static final String OFFERED =
      "SELECT EXISTS (SELECT FROM pg_available_extensions WHERE name = 'timescaledb')";

  private Migrations() {}

  /** The kind of PostgreSQL that stores the rollups. */
  public enum Flavour {
    TIMESCALE,
    POSTGRES
  }

  /** Migrates, and returns the flavour, which the first start has chosen by the extensions. */
  public static Flavour migrate(Database database) throws SQLException {
    return migrate(database, log::debug);
  }

  /** Migrates like {@link #migrate(Database)}, and reports each migration in one line. */
  public static Flavour migrate(Database database, Consumer<String> report) throws SQLException {
    try (var connection = database.connect()) {
      UnfinishedRestore.refuse(connection);
    }
    var flavour = chooseFlavour(database);
    var flyway = flyway(database, flavour, report);
    if (isLater(flyway)) {
      log.info("The schema is that of a later version and stays as it is");
      return flavour;
    }
    for (var attempt = 0; ; attempt++) {
      try {
        flyway.migrate();
        return flavour;
      } catch (FlywayException failure) {
        if (!failure.getMessage().startsWith(LOCKED)) {
          throw failure;
        }
        if (attempt % ATTEMPTS_PER_NOTICE == 0) {
          log.info("Another process migrates the schema; this one waits until it has finished");
        }
      }
    }
  }

  /**
   * Waits until the schema is as new as this version or newer, and returns the flavour. The log has
   * one line per minute meanwhile. Creates and changes nothing.
   */
  public static Flavour await(Database database) throws SQLException, InterruptedException {
    for (var attempt = 0; ; attempt++) {
      var flavour = flavour(database);
      if (flavour.isPresent() && isCurrent(flyway(database, flavour.get(), log::debug))) {
        return flavour.get();
      }
      if (attempt % ATTEMPTS_PER_NOTICE == 0) {
        log.warn("The schema is too old; this process waits until another one has migrated it");
      }
      TimeUnit.SECONDS.sleep(1);
    }
  }

  /** Returns the newest schema version that this build knows. */
  public static int newest(Database database) {
    return Arrays.stream(flyway(database, Flavour.POSTGRES, log::debug).info().all())
        .filter(one -> one.isVersioned() && one.getState() != MigrationState.FUTURE_SUCCESS)
        .mapToInt(one -> Integer.parseInt(one.getVersion().getVersion()))
        .max()
        .orElseThrow();
  }

  /**
   * Gives a database the tables of a schema version, for a restore: it has the mark of {@link
   * UnfinishedRestore} and nothing else. Its repeatable migrations come with the next {@link
   * #migrate(Database)}, because they may need later tables.
   */
  public static Flavour createTables(Database database, int version) throws SQLException {
    var flavour = chooseFlavour(database);
    configuration(database, flavour, log::debug)
        .target(Integer.toString(version))
        .repeatableSqlMigrationPrefix("NONE")
        .baselineOnMigrate(true) // Flyway asks for it if there is a table
        .baselineVersion("0")
        .load()
        .migrate();
    return flavour;
  }

  private static Flyway flyway(Database database, Flavour flavour, Consumer<String> report) {
    return configuration(database, flavour, report).load();
  }

  private static FluentConfiguration configuration(
      Database database, Flavour flavour, Consumer<String> report) {
    return Flyway.configure()
        .dataSource(database.jdbcUrl(), database.user(), database.password())
        .locations(
            "classpath:migrations/common",
            "classpath:migrations/" + (flavour == Flavour.TIMESCALE ? "timescale" : "postgres"))
        .ignoreMigrationPatterns("*:future", "repeatable:missing") // of a later version
        .lockRetryCount(0)
        .callbacks(new MigrationReport(report));
  }

  private static boolean isLater(Flyway flyway) {
    return Arrays.stream(flyway.info().all())
        .anyMatch(one -> one.isVersioned() && one.getState() == MigrationState.FUTURE_SUCCESS);
  }

  private static boolean isCurrent(Flyway flyway) {
    var all = flyway.info().all();
    return isLater(flyway)
        || Arrays.stream(all)
            .noneMatch(
                one ->
                    one.getState() == MigrationState.PENDING
                        || one.getState() == MigrationState.OUTDATED);
  }

  /** Returns the flavour of the schema; empty before its first migration. */
  private static Optional<Flavour> flavour(Database database) throws SQLException {
    try (var connection = database.connect()) {
      UnfinishedRestore.refuse(connection);
      return flavour(connection);
    }
  }

  private static Optional<Flavour> flavour(Connection connection) throws SQLException {
    try (var statement = connection.createStatement()) {
      if (!is(statement, "SELECT to_regclass('flavour') IS NOT NULL")
          || !is(statement, "SELECT EXISTS (SELECT FROM flavour)")) {
        return Optional.empty();
      }
      return Optional.of(
          is(statement, "SELECT name = 'timescale' FROM flavour")
              ? Flavour.TIMESCALE
              : Flavour.POSTGRES);
    }
  }

  private static Flavour chooseFlavour(Database database) throws SQLException {
    try (var connection = database.connect();
        var statement = connection.createStatement()) {
      var known = flavour(connection);
      if (known.isPresent()) {
        return known.get();
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
