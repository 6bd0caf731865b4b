package clicktide.deploy;

import static clicktide.time.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import clicktide.embedded.TestServers;
import clicktide.postgres.Database;
import clicktide.postgres.sink.TimescaleRollupsTest;
import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("R5: a product that goes on from a backup, with the same Kafka and Redis")
@Timeout(180)
class RestoredProductTest {
  private static final String LINK = "{\"destination\": \"https://example.com/\"}";

  @TempDir Path folder;
  private final List<Main> products = new ArrayList<>();
  private Installation here;
  private Map<String, String> environment;

  /** The answered redirects of each code. */
  private final Map<String, Integer> oracle = new HashMap<>();

  @AfterEach
  void close() {
    products.forEach(Main::close);
  }

  private void start(String postgres) throws Exception {
    environment.put("CLICKTIDE_POSTGRES", postgres);
    products.add(Main.start(here.settings(environment), Clock.systemUTC()));
  }

  private JsonNode call(String key, String method, String path, String body) throws Exception {
    return RunningProduct.read(
        here.api(key, method, path, body, "Content-Type", "application/json"));
  }

  private String link(String key) throws Exception {
    var code = call(key, "POST", "/v1/links", LINK).path("code").textValue();
    eventually("the link is served").until(() -> here.follow(code).statusCode() == 302);
    oracle.merge(code, 1, Integer::sum); // the last answer
    return code;
  }

  private void follow(String code, int times) throws Exception {
    for (var i = 0; i < times; i++) {
      assertThat(here.follow(code).statusCode()).isEqualTo(302);
      oracle.merge(code, 1, Integer::sum);
    }
  }

  private int clicks(String key, String path, String bucket) throws Exception {
    var interval = bucket.equals("hour") ? "24h" : "1h";
    var query = "%s/analytics?interval=%s&bucket=%s".formatted(path, interval, bucket);
    return call(key, "GET", query, "").at("/totals/clicks/total").intValue();
  }

  private void awaitCounts(String key, String path, int expected, String... buckets) {
    for (var bucket : buckets) {
      eventually("%d clicks of %s by %s".formatted(expected, path, bucket))
          .until(() -> clicks(key, path, bucket), count -> count == expected);
    }
  }

  private void awaitCounts(String key, String code) {
    awaitCounts(key, "/v1/links/" + code, oracle.get(code), "minute", "hour");
  }

  private static Set<String> ids(String postgres) throws SQLException {
    var ids = new HashSet<String>();
    try (var connection = Database.at(URI.create(postgres)).connect();
        var statement = connection.createStatement();
        var row = statement.executeQuery("SELECT id FROM link")) {
      while (row.next()) {
        ids.add(row.getString(1));
      }
    }
    return ids;
  }

  private void survives(String server) throws Exception {
    here = new Installation(folder.resolve("data"));
    environment = TestServers.freshSettings(server);
    var before = environment.get("CLICKTIDE_POSTGRES");
    start(before);
    var key = here.key("owner");
    var owner = call(key, "GET", "/v1/me", "").path("ownerId").textValue();
    var other = call(here.key("admin"), "POST", "/v1/owners", "{\"name\": \"other\"}");
    var otherKey = other.path("apiKey").textValue();
    var mine = link(key);
    var theirs = link(otherKey);
    follow(theirs, 3);

    var backup =
        new FutureTask<>(() -> BackupCommandTest.run(environment, "backup", folder.resolve("b")));
    Thread.ofVirtual().start(backup);
    do {
      follow(mine, 1);
    } while (!backup.isDone());
    assertThat(backup.get()).last().asString().startsWith("The backup is complete");
    follow(mine, 5);
    follow(theirs, 5);
    var lost = link(key);
    follow(lost, 7);
    awaitCounts(key, mine);
    awaitCounts(otherKey, theirs);
    awaitCounts(key, lost);
    products.removeLast().close();

    var after = TestServers.freshDatabase(server);
    environment.put("CLICKTIDE_POSTGRES", after);
    BackupCommandTest.run(environment, "restore", folder.resolve("b"));
    start(after);

    eventually("the lost link is not served").until(() -> here.follow(lost).statusCode() == 404);
    follow(mine, 4);
    awaitCounts(key, mine);
    awaitCounts(otherKey, theirs);
    var all = oracle.get(mine) + oracle.get(lost);
    awaitCounts(key, "/v1/owners/" + owner, all, "minute");
    awaitCounts(
        otherKey,
        "/v1/owners/" + other.path("ownerId").textValue(),
        oracle.get(theirs),
        "minute",
        "hour");
    var ledger = call(key, "GET", "/v1/links/" + mine + "/ledger", "");
    assertThat(ledger.path("received").intValue()).as("%s", ledger).isEqualTo(oracle.get(mine));
    var old = ids(before);
    old.removeAll(ids(after));
    assertThat(old).as("ids of lost links").hasSize(1);
    var fresh = link(otherKey);
    assertThat(ids(after)).doesNotContainAnyElementsOf(old);
    awaitCounts(otherKey, fresh);
  }

  @Test
  @DisplayName("counts every click once, and shows no owner the clicks of another one")
  void postgres() throws Exception {
    survives(TestServers.endpoints().postgres());
  }

  @Test
  @DisplayName("on TimescaleDB as well")
  void timescale() throws Exception {
    TimescaleRollupsTest.needTimescale("RestoredProductTest");
    survives(TestServers.timescale().orElseThrow());
  }
}
