package clicktide.postgres.backup;

import static clicktide.postgres.sink.RollupRig.NOW;
import static clicktide.postgres.sink.RollupRig.TEN_DAYS_AGO;
import static clicktide.postgres.sink.RollupRig.TODAY;
import static clicktide.postgres.sink.RollupRig.days;
import static clicktide.store.SinkContract.TOPIC;
import static clicktide.store.SinkContract.batch;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import clicktide.count.HumanBotCount;
import clicktide.count.TestClicks;
import clicktide.embedded.TestServers;
import clicktide.link.Link;
import clicktide.postgres.CountedLog;
import clicktide.postgres.Database;
import clicktide.postgres.Migrations;
import clicktide.postgres.UnfinishedRestore;
import clicktide.postgres.backup.Restore.Log;
import clicktide.postgres.maintenance.Refresher;
import clicktide.postgres.sink.RollupRig;
import clicktide.store.Batch.FencingToken;
import clicktide.store.Sink.BatchRefused;
import clicktide.store.Sink.Position;
import clicktide.store.SinkContract;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Backups by an account that is no superuser, and their restores (R5). */
abstract class BackupContract {
  private static final InstantSource CLOCK = InstantSource.fixed(NOW);
  private static final List<String> CHANGED = List.of("fence", "written_day");

  @TempDir Path folder;
  RollupRig source;
  private RollupRig target;
  private Link link;
  private final List<String> lines = new ArrayList<>();

  /** The address of a server. */
  abstract String server();

  @BeforeEach
  void open() throws SQLException {
    source = new RollupRig(URI.create(ordinary(server())));
    source.owner();
    link = source.link("one");
    var yesterday = TODAY.minus(1, ChronoUnit.DAYS);
    for (var at : List.of(TEN_DAYS_AGO, yesterday, yesterday.plusSeconds(3_600), NOW)) {
      source.count(TestClicks.visit(link.id(), at), TestClicks.visit(link.id(), at));
    }
    source.refresh();
    source.refreshMinutes(NOW);
    source.execute("INSERT INTO visitor_key VALUES ('2026-05-06', '\\x00ff')");
  }

  @AfterEach
  void close() {
    source.close();
    if (target != null) {
      target.close();
    }
  }

  /** Returns an empty database of an account that may create tables and roles, and nothing else. */
  private static String ordinary(String server) throws SQLException {
    var address = TestServers.freshDatabase(server);
    var database = address.substring(address.lastIndexOf('/') + 1);
    execute(
        server,
        """
        DO $$
        BEGIN
          CREATE ROLE clicktide_query NOLOGIN;
        EXCEPTION WHEN duplicate_object THEN NULL;
        END $$;
        CREATE ROLE account_of_%1$s LOGIN PASSWORD 'secret'; GRANT clicktide_query TO account_of_%1$s;
        ALTER DATABASE %1$s OWNER TO account_of_%1$s"""
            .formatted(database));
    if (isOffered(address)) {
      execute(address, "CREATE EXTENSION timescaledb");
    }
    return address.replaceFirst("//[^@]*@", "//account_of_" + database + ":secret@");
  }

  private static boolean isOffered(String address) throws SQLException {
    try (var connection = Database.at(URI.create(address)).connect()) {
      return !TableCatalog.names(
              connection, "SELECT name FROM pg_available_extensions WHERE name = 'timescaledb'")
          .isEmpty();
    }
  }

  private static void execute(String address, String sql) throws SQLException {
    try (var connection = Database.at(URI.create(address)).connect();
        var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  void backup(String name) throws SQLException, IOException {
    backup(name, lines::add);
  }

  private void backup(String name, Consumer<String> report) throws SQLException, IOException {
    new Backup(source.database, "1.0", CLOCK, report).write(folder.resolve(name));
  }

  void restore(String name, String server) throws SQLException, IOException {
    restore(name, server, Log.SAME);
  }

  private void restore(String name, String server, Log log) throws SQLException, IOException {
    var address = ordinary(server);
    restore(name, Database.at(URI.create(address)), log, lines::add);
    target = new RollupRig(URI.create(address));
  }

  private void restore(String name, Database database, Consumer<String> report)
      throws SQLException, IOException {
    restore(name, database, Log.SAME, report);
  }

  private void restore(String name, Database database, Log log, Consumer<String> report)
      throws SQLException, IOException {
    var refresher = new Refresher(database, RollupRig.RETENTION, CLOCK, new SimpleMeterRegistry());
    new Restore(database, refresher, log, report).read(folder.resolve(name));
  }

  private static Map<String, List<String>> rows(RollupRig rig) throws SQLException {
    var rows = new TreeMap<String, List<String>>();
    try (var connection = rig.database.connect()) {
      for (var table : TableCatalog.tables(connection)) {
        if (!CHANGED.contains(table.name())) {
          var columns = TableCatalog.quoted(table.columns());
          var sql = "SELECT (%s)::text FROM %s ORDER BY 1";
          rows.put(table.name(), rig.ask(sql.formatted("ROW(" + columns + ")", table.name())));
        }
      }
    }
    rows.put("days", rig.ask("SELECT (d)::text FROM link_day d ORDER BY 1"));
    rows.put("progress", rig.ask("SELECT next || progress || through FROM fence ORDER BY 1"));
    rows.put("versions", rig.ask("SELECT day || ' ' || version FROM written_day ORDER BY 1"));
    rows.put(
        "sequences",
        rig.ask(
            "SELECT sequencename || last_value FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL ORDER BY 1"));
    return rows;
  }

  /** The restored tables have the rows of the source. */
  void showsSameRows() throws SQLException {
    var expected = rows(source);
    assertThat(expected.get("link")).hasSize(1);
    assertThat(expected.get("click_row")).hasSize(4);
    assertThat(expected.get("days")).hasSize(2);
    var found = rows(target);
    expected.forEach((table, rows) -> assertThat(found.get(table)).as(table).isEqualTo(rows));
    assertThat(target.total(link.id(), days(TEN_DAYS_AGO, 11)))
        .isEqualTo(source.total(link.id(), days(TEN_DAYS_AGO, 11)))
        .isEqualTo(new HumanBotCount(8, 0));
  }

  @Test
  @DisplayName("a restored database has the rows and sums of the source, by an ordinary account")
  void roundTrip() throws Exception {
    backup("b");
    restore("b", server());

    showsSameRows();
    assertThat(lines)
        .contains(
            "link: 1 rows",
            "click_row: 4 rows",
            "Refreshed the sums of 2 days",
            "Compared the sums of 2 days with their base rows")
        .endsWith(
            "Restored the backup of %s. Clicks after it are counted again from Kafka."
                .formatted(NOW));
    // new rows: the audit log is written, and row-level security is forced on the account again
    target.link("two");
    assertThat(target.ask("SELECT count(*) FROM audit WHERE action = 'link.created'"))
        .containsExactly("2");
    assertThat(target.ask("SELECT count(*) FROM pg_class WHERE relforcerowsecurity"))
        .isEqualTo(source.ask("SELECT count(*) FROM pg_class WHERE relforcerowsecurity"));
  }

  @Test
  @DisplayName("only the user of the process can read a backup")
  void isPrivate() throws Exception {
    backup("b");

    try (var files = Files.walk(folder.resolve("b"))) {
      assertThat(files)
          .hasSizeGreaterThan(20)
          .allSatisfy(
              file ->
                  assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                      .isEqualTo(Files.isDirectory(file) ? "rwx------" : "rw-------"));
    }
  }

  @Test
  @DisplayName("C4: a former owner of a partition is refused; a new one continues at its position")
  void formerOwners() throws Exception {
    var former = new FencingToken(source.ask("SELECT incarnation FROM fence").getFirst(), 1);
    var next = Long.parseLong(source.ask("SELECT next FROM fence").getFirst());
    backup("b");
    restore("b", server());

    var position = new Position(former, next, "", Map.of());
    assertThatThrownBy(
            () -> target.sink.apply(TOPIC, List.of(batch(NOW, 0, position, next, List.of()))))
        .isInstanceOf(BatchRefused.class);
    var later = SinkContract.takeOver(target.sink, 0);
    assertThat(later.next()).isEqualTo(next);
    assertThat(later.token().epoch()).isGreaterThan(former.epoch() + 1);
    target.count(TestClicks.visit(link.id(), NOW));
    assertThat(target.total(link.id(), days(TODAY, 1))).isEqualTo(new HumanBotCount(3, 0));
  }

  @Test
  @DisplayName("without the log, counts go on with the beginning of another one")
  void newLog() throws Exception {
    backup("b");
    restore("b", server(), Log.NEW);

    CountedLog.require(target.database, "another", 8);
    assertThat(target.sink.takeOver("another", 0, () -> 5).next()).isEqualTo(5);
    assertThat(target.total(link.id(), days(TEN_DAYS_AGO, 11))).isEqualTo(new HumanBotCount(8, 0));
  }

  @Test
  @DisplayName("rows of a moment: clicks and maintenance during a backup do not change it")
  void isConsistent() throws Exception {
    var before = rows(source);
    source.execute("UPDATE written_day SET refreshed = 0"); // so that days would be closed again
    var refreshed = new ArrayList<Integer>();
    backup(
        "b",
        line -> {
          if (line.startsWith("admitted_value")) { // before the base rows
            source.count(TestClicks.visit(link.id(), TEN_DAYS_AGO));
            refreshed.add(refreshed(source));
          }
        });
    assertThat(refreshed).as("days that were refreshed during the backup").containsExactly(0);
    assertThat(refreshed(source)).as("days that were refreshed after it").isEqualTo(2);

    restore("b", server());

    var found = rows(target);
    before.forEach((table, rows) -> assertThat(found.get(table)).as(table).isEqualTo(rows));
  }

  private static int refreshed(RollupRig rig) {
    try {
      return rig.refresh();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  @DisplayName("a backup that fails leaves no folder")
  void failedBackups() throws Exception {
    assertThatThrownBy(() -> backup("b", BackupContract::failAtLinks)).hasMessage("cut off");

    assertThat(folder).isEmptyDirectory();
    backup("b");
    assertThatThrownBy(() -> backup("b"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("exists already");
  }

  private static void failAtLinks(String line) {
    if (line.startsWith("link:")) {
      throw new IllegalStateException("cut off");
    }
  }

  @Test
  @DisplayName("a backup whose base rows differ from the sums of a clean day is refused")
  void sumsDiffer() throws Exception {
    source.execute("UPDATE click_row SET human = human + 1 WHERE minute < '%s'".formatted(TODAY));

    assertThatThrownBy(() -> backup("b"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "The day 2026-04-26 has 2 human and 0 bot clicks by its sums and 3 human and 0 bot clicks by its base rows.");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  @DisplayName("a folder without manifest is no backup")
  void needsManifest() throws Exception {
    backup("b");
    Files.delete(folder.resolve("b").resolve("manifest.json"));

    assertThatThrownBy(() -> restore("b", server()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no complete backup");
  }

  @Test
  @DisplayName("a database in which a restore was cut off is refused by starts and restores")
  void unfinishedRestores() throws Exception {
    backup("b");
    var database = Database.at(URI.create(ordinary(server())));

    assertThatThrownBy(() -> restore("b", database, BackupContract::failAtLinks))
        .hasMessage("cut off");

    var sentence =
        "The database has a restore that did not finish. Restore the backup into a new database.";
    assertThatThrownBy(() -> Migrations.migrate(database)).hasMessage(sentence);
    assertThatThrownBy(() -> Migrations.await(database)).hasMessage(sentence);
    assertThatThrownBy(() -> restore("b", database, lines::add)).hasMessage(sentence);
    var other = new Backup(database, "1.0", CLOCK, lines::add);
    assertThatThrownBy(() -> other.write(folder.resolve("other"))).hasMessage(sentence);
  }

  @Test
  @DisplayName("a database with tables is refused")
  void needsAnEmptyDatabase() throws Exception {
    backup("b");
    var before = rows(source);

    assertThatThrownBy(() -> restore("b", source.database, lines::add))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("not empty");
    assertThat(rows(source)).isEqualTo(before);
  }

  @Test
  @DisplayName("damaged files and backups of a later version are refused before a table is created")
  void damage() throws Exception {
    backup("b");
    var manifest = folder.resolve("b").resolve("manifest.json");
    var text = Files.readString(manifest);
    var empty = Database.at(URI.create(ordinary(server())));

    Files.writeString(
        manifest, text.replaceFirst("\"schemaVersion\" : \\d+", "\"schemaVersion\" : 999"));
    assertThatThrownBy(() -> restore("b", empty, lines::add))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("schema version 999");
    Files.writeString(manifest, text);
    Files.writeString(folder.resolve("b").resolve("owner.copy.gz"), "damaged");
    assertThatThrownBy(() -> restore("b", empty, lines::add))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("owner.copy.gz differs from its checksum");
    Files.delete(folder.resolve("b").resolve("owner.copy.gz"));
    assertThatThrownBy(() -> restore("b", empty, lines::add))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("owner.copy.gz is missing");

    Migrations.migrate(empty);
  }

  @Test
  @DisplayName("the file of visitor keys may be deleted")
  void withoutVisitorKeys() throws Exception {
    backup("b");
    Files.delete(folder.resolve("b").resolve("visitor_key.copy.gz"));
    restore("b", server());

    assertThat(target.ask("SELECT day FROM visitor_key")).isEmpty();
    assertThat(target.ask("SELECT code FROM link")).containsExactly("one");
  }

  @Test
  @DisplayName("a backup of an earlier schema version is restored and migrated")
  void earlierVersions() throws Exception {
    var address = ordinary(server());
    var earlier = Database.at(URI.create(address));
    try (var connection = earlier.connect()) {
      UnfinishedRestore.begin(connection);
      Migrations.createTables(earlier, 29);
      UnfinishedRestore.end(connection);
    }
    execute(
        address,
        """
        INSERT INTO owner (id, name) VALUES (1, 'Ada');
        INSERT INTO link (code, owner, destination, status) VALUES ('old', 1, 'https://example.com/', 302);
        CALL make_room('2026-05-05Z');
        INSERT INTO click_row (minute, link, owner, human, bot, country, region, device, browser, os, referrer, source, medium, campaign, via, traffic, visitors)
        VALUES ('2026-05-05T10:00Z', 1, 1, 3, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, '{}');
        INSERT INTO written_day (day) VALUES ('2026-05-05Z')""");
    new Backup(earlier, "0.9", CLOCK, lines::add).write(folder.resolve("b"));

    restore("b", server());

    assertThat(lines).contains("Migrated to version 31: link ids");
    assertThat(target.ask("SELECT id || code FROM link")).containsExactly("1old");
    assertThat(target.ask("SELECT human FROM link_day")).containsExactly("3");
    assertThat(target.ask("SELECT owner FROM first_start")).containsExactly("1");
  }

  @Test
  @DisplayName("an account that does not see all rows cannot make a backup")
  void hiddenRows() throws Exception {
    var address = source.ask("SELECT current_database()").getFirst();
    var other = TestServers.freshName("other");
    var all = server().substring(0, server().lastIndexOf('/') + 1) + address;
    execute(
        all,
        "CREATE ROLE %1$s LOGIN PASSWORD 'secret'; GRANT SELECT ON ALL TABLES IN SCHEMA public TO %1$s"
            .formatted(other));
    var database = Database.at(URI.create(all.replaceFirst("//[^@]*@", "//" + other + ":secret@")));

    assertThatThrownBy(
            () -> new Backup(database, "1.0", CLOCK, lines::add).write(folder.resolve("b")))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("cannot read all rows of api_key, audit");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  @DisplayName("a database without tables has no backup")
  void noTables() throws Exception {
    var empty = Database.at(URI.create(TestServers.freshDatabase(server())));

    assertThatThrownBy(() -> new Backup(empty, "1.0", CLOCK, lines::add).write(folder.resolve("b")))
        .hasMessage("The database has no tables of Clicktide.");
  }
}
