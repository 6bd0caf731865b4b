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
import java.time.Instant;
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
    pool = Database.at(uri).pool(vertx, "test", 8);
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

  private Key create(Key creator) {
    var key = fresh();
    assertThat(by(creator).addKey(key).await()).isInstanceOf(Owners.Issued.class);
    return key;
  }

  private Key rotate(Key caller, Key old) {
    var key = fresh();
    var end = Instant.now().plusSeconds(60);
    assertThat(by(caller).rotateKey(old.prefix(), end, key).await()).isPresent();
    return key;
  }

  private void revoke(Key key, boolean withDescendants) {
    assertThat(by(first).revokeKey(TestClicks.OWNER, key.prefix(), withDescendants).await())
        .isTrue();
  }

  private boolean isLive(Key key) {
    return by(first).key(key.prefix()).await().isPresent();
  }

  @Test
  @DisplayName("a revoked key ends the keys that it created, also through keys that ended before")
  void revocationIncludesDescendants() {
    var stolen = create(first);
    var child = create(stolen);
    var grandchild = create(child);
    var other = create(first);
    revoke(child, false);
    assertThat(isLive(grandchild)).isTrue();

    revoke(stolen, true);

    assertThat(isLive(grandchild)).isFalse();
    assertThat(Stream.of(first, other)).allMatch(this::isLive);
  }

  @Test
  @DisplayName("a rotation keeps the creators of the key, and the caller is one more")
  void rotationsKeepTheLineage() {
    var stolen = create(first);
    var child = create(stolen);
    var byThief = rotate(stolen, stolen);
    var byOwner = rotate(first, child);
    var other = create(first);
    var replaced = rotate(first, other);
    revoke(other, true);
    assertThat(isLive(replaced)).isTrue();

    revoke(stolen, true);

    assertThat(Stream.of(child, byThief, byOwner)).noneMatch(this::isLive);
  }

  @Test
  @DisplayName("a key that was revoked a moment ago creates and rotates no key")
  void aRevokedKeyCreatesNoKey() {
    var stolen = create(first);
    var other = create(first);
    revoke(stolen, true);

    assertThat(by(stolen).addKey(fresh()).await()).isEqualTo(new Owners.CreatorHasEnded());
    assertThat(by(stolen).rotateKey(other.prefix(), Instant.now(), fresh()).await()).isEmpty();
    assertThat(isLive(other)).isTrue();
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
