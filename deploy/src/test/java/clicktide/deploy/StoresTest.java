package clicktide.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import clicktide.embedded.TestServers;
import clicktide.enrich.Dimension;
import clicktide.event.OwnerId;
import clicktide.http.ApiKey;
import clicktide.postgres.Database;
import clicktide.store.AnalyticsTarget;
import clicktide.store.Links.Search;
import clicktide.store.Owners.Key;
import clicktide.store.Rollups.RollupQuery;
import clicktide.time.TimeSource;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("E12: slow statements of an owner and the calls of other owners")
@Timeout(60)
class StoresTest {
  private static final OwnerId ADA = new OwnerId(1);
  private static final OwnerId BOB = new OwnerId(2);
  private static final Instant NOON = Instant.parse("2026-05-03T12:00:00Z");
  private static final int MANY = 32; // the concurrent calls of an owner

  @TempDir Path folder;
  private final Vertx vertx = Vertx.vertx();
  private Stores.Sql sql;
  private Key key;

  @BeforeEach
  void reach() throws SQLException, InterruptedException {
    var postgres = URI.create(TestServers.freshDatabase(TestServers.endpoints().postgres()));
    var infrastructure =
        new Infrastructure(
            Optional.empty(), Optional.empty(), Database.at(postgres), Optional.empty());
    var settings = new Installation(folder).settings();
    var time = TimeSource.system();
    sql = Stores.Sql.reach(new Stores.Reach(settings, infrastructure, vertx, time, new Random()));
    key = ApiKey.random(new Random()).first(BOB);
    sql.owners().create(BOB, "Bob", key).await();
  }

  @AfterEach
  void close() {
    vertx.close().await();
  }

  private Connection lock(String table) throws SQLException {
    var connection = sql.database().connect();
    connection.setAutoCommit(false);
    connection.createStatement().execute("LOCK TABLE " + table);
    return connection;
  }

  private Future<?> breakdown(OwnerId owner) {
    var query =
        RollupQuery.of(new AnalyticsTarget.OwnerTarget(owner), List.of(NOON, NOON.plusSeconds(60)));
    return sql.rollups().clicks(query.withDimensions(List.of(Dimension.COUNTRY)));
  }

  private Future<?> list(OwnerId owner) {
    return sql.links().list(Search.all(owner), 10);
  }

  private void keyIsFound() throws Exception {
    var found = sql.owners().key(key.prefix()).await(20, TimeUnit.SECONDS);
    assertThat(found).isPresent();
  }

  @Test
  @DisplayName("slow analytics of all owners do not delay keys and lists of links")
  void analytics() throws Exception {
    var slow = new ArrayList<Future<?>>();
    try (var _ = lock("click_row")) {
      for (var owner = 3; owner < 10; owner++) {
        for (var i = 0; i < 3; i++) {
          slow.add(breakdown(new OwnerId(owner)));
        }
      }
      keyIsFound();
      list(BOB).await(20, TimeUnit.SECONDS);
      assertThat(slow).noneMatch(Future::succeeded);
    }
  }

  @Test
  @DisplayName("slow analytics of an owner do not delay the analytics of another owner")
  void analyticsOfOthers() throws Exception {
    var slow = new ArrayList<Future<?>>();
    try (var _ = lock("click_row")) {
      for (var i = 0; i < MANY; i++) {
        slow.add(breakdown(ADA));
      }
      sql.rollups().first(BOB).await(20, TimeUnit.SECONDS);
      assertThat(slow).noneMatch(Future::succeeded);
      assertThatThrownBy(() -> slow.getLast().await(20, TimeUnit.SECONDS))
          .hasMessage("The other reads of the owner take too long.");
    }
    slow.getFirst().await(20, TimeUnit.SECONDS);
    for (var i = 0; i < 5; i++) {
      breakdown(ADA).await(20, TimeUnit.SECONDS);
    }
  }

  @Test
  @DisplayName("slow lists do not delay keys, and end after five seconds")
  void lists() throws Exception {
    var slow = new ArrayList<Future<?>>();
    try (var _ = lock("link")) {
      for (var i = 0; i < MANY; i++) {
        slow.add(list(ADA));
      }
      keyIsFound();
      assertThat(slow).noneMatch(Future::succeeded);
      assertThatThrownBy(() -> slow.getFirst().await(20, TimeUnit.SECONDS))
          .hasMessageContaining("57014"); // canceled by statement_timeout
    }
    list(ADA).await(20, TimeUnit.SECONDS);
  }
}
