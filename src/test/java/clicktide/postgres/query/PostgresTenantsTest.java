package clicktide.postgres.query;

import clicktide.embedded.TestServers;
import org.junit.jupiter.api.DisplayName;

@DisplayName("Tenants on plain PostgreSQL")
class PostgresTenantsTest extends TenantsContract {
  @Override
  String freshDatabase() {
    return TestServers.freshDatabase(TestServers.endpoints().postgres());
  }
}
