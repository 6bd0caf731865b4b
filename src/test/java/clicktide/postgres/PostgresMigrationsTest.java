package clicktide.postgres;

import clicktide.embedded.TestServers;
import org.junit.jupiter.api.DisplayName;

@DisplayName("Migrations on plain PostgreSQL")
class PostgresMigrationsTest extends MigrationsContract {
  @Override
  String freshDatabase() {
    return TestServers.freshDatabase(TestServers.endpoints().postgres());
  }

  @Override
  String flavour() {
    return "postgres";
  }
}
