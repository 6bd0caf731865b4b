package clicktide.postgres.sink;

import clicktide.embedded.TestServers;
import org.junit.jupiter.api.DisplayName;

@DisplayName("Click limits on plain PostgreSQL")
class PostgresClickLimitsTest extends ClickLimitsContract {
  @Override
  String freshDatabase() {
    return TestServers.freshDatabase(TestServers.endpoints().postgres());
  }
}
