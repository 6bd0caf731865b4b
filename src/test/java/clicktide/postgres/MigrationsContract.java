package clicktide.postgres;

import static clicktide.time.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import clicktide.time.LogLines;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.FutureTask;
import java.util.regex.Pattern;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Migrations of databases of earlier versions, on every flavour of PostgreSQL. */
abstract class MigrationsContract {
  /** The last version whose procedures were defined in versioned migrations. */
  private static final String LAST_WITH_PROCEDURES = "24";

  /** The lock that Flyway takes for its history table. */
  private static final String LOCK_OF_FLYWAY =
      "77431708279161 + %d".formatted("\"public\".\"flyway_schema_history\"".hashCode());

  /** The definitions of the product, without those of an extension. */
  private static final String FUNCTIONS =
      """
      SELECT proname || '(' || pg_get_function_identity_arguments(oid) || ')', pg_get_functiondef(oid) FROM pg_proc
      WHERE pronamespace = 'public'::regnamespace
        AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_proc'::regclass AND objid = pg_proc.oid AND deptype = 'e')""";

  private static final Pattern DEFINITION =
      Pattern.compile("(?m)^CREATE OR REPLACE (?:FUNCTION|PROCEDURE) (\\w+)\\(");

  /** The address of an empty database. */
  abstract String freshDatabase();

  /** The name of the flavour, as its folder has it. */
  abstract String flavour();

  private Database empty() {
    return Database.at(URI.create(freshDatabase()));
  }

  private static void execute(Database database, String sql) throws SQLException {
    try (var connection = database.connect();
        var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static Map<String, String> functions(Database database) throws SQLException {
    var found = new TreeMap<String, String>();
    try (var connection = database.connect();
        var statement = connection.createStatement();
        var row = statement.executeQuery(FUNCTIONS)) {
      while (row.next()) {
        found.put(row.getString(1), row.getString(2));
      }
    }
    return found;
  }

  /** A database as the last version without repeatable migrations has left it. */
  private Database earlier() throws SQLException {
    var database = empty();
    if (flavour().equals("timescale")) {
      execute(database, "CREATE EXTENSION IF NOT EXISTS timescaledb");
    }
    Flyway.configure()
        .dataSource(database.jdbcUrl(), database.user(), database.password())
        .locations("classpath:migrations/common", "classpath:migrations/" + flavour())
        .repeatableSqlMigrationPrefix("NONE")
        .target(LAST_WITH_PROCEDURES)
        .load()
        .migrate();
    return database;
  }

  @Test
  @DisplayName("a database of an earlier version gets the procedures that a new one has")
  void earlierDatabasesGetTheSameProcedures() throws SQLException {
    var fresh = empty();
    Migrations.migrate(fresh);
    var earlier = earlier();
    assertThat(functions(earlier)).hasSizeGreaterThan(10).isNotEqualTo(functions(fresh));

    Migrations.migrate(earlier);

    assertThat(functions(earlier)).isEqualTo(functions(fresh));
  }

  @Test
  @DisplayName("every procedure and function has one current text, in a repeatable migration")
  void everyProcedureHasOneText() throws SQLException, IOException {
    var fresh = empty();
    Migrations.migrate(fresh);

    var defined = new ArrayList<String>();
    for (var text : repeatable()) {
      DEFINITION.matcher(text).results().forEach(match -> defined.add(match.group(1)));
    }
    assertThat(functions(fresh).keySet())
        .extracting(signature -> signature.substring(0, signature.indexOf('(')))
        .containsExactlyInAnyOrderElementsOf(defined);
  }

  private List<String> repeatable() throws IOException {
    var texts = new ArrayList<String>();
    for (var folder : List.of("common", flavour())) {
      var url = Migrations.class.getResource("/migrations/" + folder);
      try (var files = Files.newDirectoryStream(Path.of(URI.create(url.toString())), "R__*.sql")) {
        for (var file : files) {
          texts.add(Files.readString(file));
        }
      }
    }
    return texts;
  }

  @Test
  @DisplayName("repeatable migrations may run again, and those of a later version stop no start")
  void repeatableMigrationsMayRunAgain() throws SQLException {
    var database = empty();
    Migrations.migrate(database);
    var before = functions(database);
    execute(
        database, "UPDATE flyway_schema_history SET checksum = checksum + 1 WHERE version IS NULL");
    execute(
        database,
        """
        INSERT INTO flyway_schema_history (installed_rank, description, type, script, checksum, installed_by, execution_time, success)
        VALUES (1000, 'of a later version', 'SQL', 'R__of_a_later_version.sql', 1, current_user, 1, true)""");

    Migrations.migrate(database);

    assertThat(functions(database)).isEqualTo(before);
    Migrations.migrate(database);
  }

  @Test
  @DisplayName("keys of an earlier version get their creators from the audit log")
  void creatorsAreKnown() throws SQLException {
    var database = earlier();
    execute(
        database,
        """
        INSERT INTO owner (id, name) VALUES (1, 'Ada');
        INSERT INTO api_key (prefix, hash, owner, scopes) VALUES ('one', '', 1, '{}');
        SELECT set_config('clicktide.actor', 'one', false);
        INSERT INTO api_key (prefix, hash, owner, scopes) VALUES ('other', '', 1, '{}')""");
    Migrations.migrate(database);

    try (var connection = database.connect();
        var statement = connection.createStatement();
        var row =
            statement.executeQuery(
                "SELECT string_agg(prefix || creators::text, ' ' ORDER BY prefix), (SELECT count(*) FROM audit) FROM api_key")) {
      assertThat(row.next()).isTrue();
      assertThat(row.getString(1)).isEqualTo("one{} other{one}");
      assertThat(row.getLong(2)).as("entries of the audit log").isEqualTo(3);
    }
  }

  @Test
  @DisplayName("R5: links of an earlier version keep their ids, which are smaller than new ones")
  void idsAreKept() throws SQLException {
    var database = earlier();
    var create =
        "INSERT INTO link (code, owner, destination, status) VALUES ('%s', 1, 'https://example.com/', 302)";
    execute(database, "INSERT INTO owner (id, name) VALUES (1, 'Ada')");
    execute(database, create.formatted("one"));
    Migrations.migrate(database);
    execute(database, create.formatted("two"));

    try (var connection = database.connect();
        var statement = connection.createStatement();
        var row = statement.executeQuery("SELECT code, id = 1 FROM link ORDER BY id")) {
      assertThat(row.next()).isTrue();
      assertThat(row.getString(1)).isEqualTo("one");
      assertThat(row.getBoolean(2)).isTrue();
      assertThat(row.next()).isTrue();
      assertThat(row.getString(1)).isEqualTo("two");
    }
  }

  @Test
  @DisplayName("an installation of an earlier version has had its first start")
  void firstStarts() throws SQLException {
    var database = earlier();
    execute(database, "INSERT INTO owner (id, name) VALUES (1, 'Ada'), (2, 'Bob')");
    Migrations.migrate(database);

    try (var connection = database.connect();
        var statement = connection.createStatement();
        var row = statement.executeQuery("SELECT owner FROM first_start")) {
      assertThat(row.next()).isTrue();
      assertThat(row.getLong(1)).isEqualTo(1);
    }
  }

  @Test
  @DisplayName("a limit of an earlier version keeps its counter, which is final")
  void limitsAreKept() throws SQLException {
    var database = earlier();
    execute(database, "INSERT INTO owner (id, name) VALUES (1, 'Ada')");
    execute(
        database,
        "INSERT INTO link (code, owner, destination, status) VALUES ('one', 1, 'https://example.com/', 302)");
    execute(database, "INSERT INTO click_limit (link, most, people) SELECT id, 9, 4 FROM link");
    Migrations.migrate(database);

    try (var connection = database.connect();
        var statement = connection.createStatement()) {
      statement.execute("CALL finalize_click_limits()");
      try (var row =
          statement.executeQuery("SELECT people, provisional_since IS NULL FROM click_limit")) {
        assertThat(row.next()).isTrue();
        assertThat(row.getLong(1)).isEqualTo(4);
        assertThat(row.getBoolean(2)).isTrue();
      }
    }
  }

  /** Removes a repeatable migration from the history, so that it runs again. */
  private static void forgetOne(Database database) throws SQLException {
    execute(
        database,
        "DELETE FROM flyway_schema_history WHERE description = 'audit' AND version IS NULL");
  }

  @Test
  @DisplayName("each migration is reported in one line")
  void eachIsReported() throws SQLException {
    var database = empty();
    var lines = new ArrayList<String>();
    Migrations.migrate(database, lines::add);
    assertThat(lines).contains("Migrated to version 1: control", "Replaced procedures: audit");

    lines.clear();
    Migrations.migrate(database, lines::add);
    assertThat(lines).isEmpty();
    forgetOne(database);
    Migrations.migrate(database, lines::add);
    assertThat(lines).containsExactly("Replaced procedures: audit");
  }

  @Test
  @DisplayName("a process that does not migrate waits until another one has")
  void waitsForAnother() throws Exception {
    var database = empty();
    try (var logged = new LogLines(Migrations.class)) {
      var flavour = new FutureTask<>(() -> Migrations.await(database));
      Thread.ofVirtual().start(flavour);
      eventually("it says that the schema is too old").until(() -> logged.contain("too old"));
      assertThat(flavour.isDone()).isFalse();

      Migrations.migrate(database);

      assertThat(flavour.get().name()).isEqualToIgnoringCase(flavour());
    }
  }

  @Test
  @DisplayName("a changed procedure is also waited for")
  void waitsForProcedures() throws Exception {
    var database = empty();
    Migrations.migrate(database);
    execute(
        database,
        "UPDATE flyway_schema_history SET checksum = checksum + 1 WHERE description = 'audit' AND version IS NULL");
    try (var logged = new LogLines(Migrations.class)) {
      var waiting = new FutureTask<>(() -> Migrations.await(database));
      Thread.ofVirtual().start(waiting);
      eventually("it says that the schema is too old").until(() -> logged.contain("too old"));

      Migrations.migrate(database);

      waiting.get();
    }
  }

  @Test
  @DisplayName("a process says that it waits while another one migrates")
  void saysWhatItWaitsFor() throws Exception {
    var database = empty();
    Migrations.migrate(database);
    forgetOne(database);
    try (var connection = database.connect();
        var statement = connection.createStatement();
        var logged = new LogLines(Migrations.class)) {
      statement.execute("SELECT pg_advisory_lock(%s)".formatted(LOCK_OF_FLYWAY));
      var lines = new ConcurrentLinkedQueue<String>();
      var waiting = new FutureTask<>(() -> Migrations.migrate(database, lines::add));
      Thread.ofVirtual().start(waiting);
      eventually("it says that it waits").until(() -> logged.contain("Another process migrates"));
      assertThat(lines).isEmpty();

      statement.execute("SELECT pg_advisory_unlock_all()");

      waiting.get();
      assertThat(lines).containsExactly("Replaced procedures: audit");
    }
  }

  @Test
  @DisplayName("the schema of a later version is accepted, and keeps its procedures")
  void laterVersions() throws Exception {
    var database = empty();
    Migrations.migrate(database);
    execute(
        database,
        """
        UPDATE flyway_schema_history SET checksum = checksum + 1 WHERE version IS NULL;
        INSERT INTO flyway_schema_history (installed_rank, version, description, type, script, checksum, installed_by, execution_time, success)
        VALUES (1000, '9999', 'of a later version', 'SQL', 'V9999__of_a_later_version.sql', 1, current_user, 1, true)""");

    var lines = new ArrayList<String>();
    Migrations.migrate(database, lines::add);

    assertThat(lines).isEmpty();
    assertThat(Migrations.await(database).name()).isEqualToIgnoringCase(flavour());
  }
}
