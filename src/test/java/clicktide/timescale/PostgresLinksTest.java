package clicktide.timescale;

import clicktide.count.Some;
import clicktide.embedded.TestServers;
import clicktide.event.OwnerId;
import clicktide.http.ApiKey;
import clicktide.store.Links;
import clicktide.store.LinksContract;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import java.net.URI;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;

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
}
