package clicktide.postgres.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import clicktide.embedded.TestServers;
import clicktide.event.OwnerId;
import clicktide.http.ApiKey;
import clicktide.link.Link;
import clicktide.link.LinkDraft;
import clicktide.postgres.Database;
import clicktide.postgres.MigratedDatabase;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The first start of an installation with several nodes")
class PostgresInstallationTest {
  private final Vertx vertx = Vertx.vertx();
  private final Random random = new Random(7);
  private Pool pool;
  private PostgresInstallation installation;

  @BeforeEach
  void open() {
    var uri = URI.create(MigratedDatabase.on(TestServers.endpoints().postgres()));
    pool = Database.at(uri).pool(vertx, "control", 8);
    installation = new PostgresInstallation(pool, random);
  }

  @AfterEach
  void close() {
    pool.close().await();
    vertx.close().await();
  }

  private Future<Optional<Link>> begin(long number, Future<Void> kept) {
    var owner = new OwnerId(number);
    var rules = Link.Rules.to("https://example.com/");
    var draft = new LinkDraft(owner, Optional.empty(), rules, Link.Notes.NONE);
    return installation.begin("me", ApiKey.random(random).first(owner), draft, () -> kept);
  }

  private long count(String table) {
    var rows = pool.query("SELECT count(*) FROM " + table).execute().await();
    return rows.iterator().next().getLong(0);
  }

  @Test
  @DisplayName("creates one owner, one key and one link, although all nodes start at once")
  void createsOnce() {
    var starts =
        LongStream.rangeClosed(1, 8).mapToObj(n -> begin(n, Future.succeededFuture())).toList();
    Future.all(starts).await();

    assertThat(starts).extracting(Future::result).filteredOn(Optional::isPresent).hasSize(1);
    assertThat(List.of(count("owner"), count("api_key"), count("link")))
        .containsExactly(1L, 1L, 1L);
    assertThat(begin(9, Future.succeededFuture()).await()).isEmpty();
  }

  @Test
  @DisplayName("creates nothing if the key could not be kept, and the next start creates all")
  void keepsTheKeyFirst() {
    assertThatThrownBy(() -> begin(1, Future.failedFuture("The disk is full.")).await())
        .hasMessage("The disk is full.");
    assertThat(count("owner") + count("api_key") + count("link")).isZero();

    assertThat(begin(2, Future.succeededFuture()).await()).isPresent();
  }

  @Test
  @DisplayName("registers one administrator's key, although all nodes start at once")
  void registersOneKey() {
    var kept = new ArrayList<String>();
    var starts =
        LongStream.rangeClosed(1, 8).mapToObj(n -> registerFirst("hash-" + n, kept)).toList();
    Future.all(starts).await();

    assertThat(kept).hasSize(1);
    assertThat(starts).extracting(Future::result).filteredOn(Optional::isEmpty).hasSize(1);
    assertThat(count("admin_key")).isEqualTo(1);
    assertThat(installation.has(kept.getFirst()).await()).isTrue();
    assertThat(installation.has("another").await()).isFalse();
    assertThat(installation.place().await()).contains("place of " + kept.getFirst());
  }

  private Future<Optional<String>> registerFirst(String hash, List<String> kept) {
    return installation.registerFirst(
        hash,
        "place of " + hash,
        () -> {
          kept.add(hash);
          return Future.succeededFuture();
        });
  }

  @Test
  @DisplayName("registers the keys that data folders have already, each once")
  void registersKnownKeys() {
    installation.register("one", "a").await();
    installation.register("other", "b").await();
    installation.register("one", "a").await();

    assertThat(count("admin_key")).isEqualTo(2);
    assertThat(registerFirst("new", new ArrayList<>()).await()).contains("a");
    assertThat(installation.has("new").await()).isFalse();
  }
}
