package clicktide.postgres.control;

import static org.assertj.core.api.Assertions.assertThat;

import clicktide.count.TestClicks;
import clicktide.embedded.TestServers;
import clicktide.http.ApiKey;
import clicktide.postgres.Database;
import clicktide.postgres.MigratedDatabase;
import clicktide.store.Actor;
import clicktide.store.Owners;
import clicktide.store.Owners.Key;
import clicktide.store.Owners.Terms;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import java.net.URI;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Keys in PostgreSQL")
class PostgresOwnersTest {
  private final Vertx vertx = Vertx.vertx();
  private final Random random = new Random(7);
  private Pool pool;
  private Key first;

  @BeforeEach
  void open() {
    var uri = URI.create(MigratedDatabase.on(TestServers.endpoints().postgres()));
    pool = Database.at(uri).pool(vertx, 8);
    first = ApiKey.random(random).first(TestClicks.OWNER);
    new PostgresOwners(pool).create(TestClicks.OWNER, "Ada", first).await();
  }

  @AfterEach
  void close() {
    pool.close().await();
    vertx.close().await();
  }

  private Owners by(Key caller) {
    return new PostgresOwners(pool).by(new Actor(caller.prefix(), Optional.empty()));
  }

  private Key fresh() {
    var terms = new Terms("a key", Owners.Scope.ofOwner(), Optional.empty());
    return ApiKey.random(random).stored(TestClicks.OWNER, terms);
  }

  @Test
  @DisplayName("calls at the same time create no more keys than an owner can have")
  void callsAtTheSameTimeKeepTheLimit() {
    var calls = Stream.generate(() -> by(first).addKey(fresh())).limit(130).toList();

    Future.all(calls).await();

    assertThat(calls).filteredOn(call -> call.result() instanceof Owners.Issued).hasSize(99);
    assertThat(by(first).keys(TestClicks.OWNER).await()).hasSize(100);
  }
}
