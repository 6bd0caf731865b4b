package clicktide.postgres.sink;

import clicktide.embedded.TestServers;
import clicktide.postgres.MigratedDatabase;
import org.junit.jupiter.api.DisplayName;

@DisplayName("Click limits on plain PostgreSQL")
class PostgresClickLimitsTest extends ClickLimitsContract {
  @Override
  String freshDatabase() {
    return MigratedDatabase.on(TestServers.endpoints().postgres());
  }
}
