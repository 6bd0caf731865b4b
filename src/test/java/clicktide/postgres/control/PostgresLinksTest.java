package clicktide.postgres.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import clicktide.count.Some;
import clicktide.embedded.TestServers;
import clicktide.event.OwnerId;
import clicktide.http.ApiKey;
import clicktide.link.Link;
import clicktide.postgres.Database;
import clicktide.postgres.Migrations;
import clicktide.store.Actor;
import clicktide.store.Links;
import clicktide.store.LinksContract;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import java.net.URI;
import java.sql.SQLException;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Links in PostgreSQL")
class PostgresLinksTest extends LinksContract {
  private final Vertx vertx = Vertx.vertx();
  private Pool pool;

  @BeforeEach
  void open() throws SQLException {
    var uri = URI.create(TestServers.freshDatabase(TestServers.endpoints().postgres()));
    var database = Database.at(uri);
    Migrations.migrate(database);
    pool = database.pool(vertx, 2);
    var key = ApiKey.random().first(owner());
    new PostgresOwners(pool).create(owner(), "Ada", key).await();
  }

  @AfterEach
  void close() {
    pool.close().await();
    vertx.close().await();
  }

  @Override
  protected Links links() {
    return new PostgresLinks(pool);
  }

  @Override
  protected OwnerId owner() {
    return Some.OWNER;
  }

  @Test
  @DisplayName("a key for one call makes one thing a day")
  void onceADay() {
    var once = new Actor("somebody", Optional.of(new Actor.Once(owner(), "a key", "a request")));
    var draft =
        new Links.Draft(
            owner(), Optional.empty(), Link.Rules.to("https://example.com/"), Link.Notes.NONE);
    var first = links().by(once).create(draft).await();
    assertThatThrownBy(() -> links().by(once).create(draft).await())
        .isInstanceOfSatisfying(
            Actor.Done.class, done -> assertThat(done.what()).isEqualTo(first.code()));
    pool.query("UPDATE idempotency SET at = at - interval '25 hours'").execute().await();

    assertThat(links().by(once).create(draft).await().code()).isNotEqualTo(first.code());
    assertThatThrownBy(() -> links().by(once).create(draft).await()).isInstanceOf(Actor.Done.class);
  }
}
