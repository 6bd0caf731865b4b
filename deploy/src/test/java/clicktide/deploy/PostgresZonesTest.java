package clicktide.deploy;

import clicktide.embedded.TestServers;
import org.junit.jupiter.api.DisplayName;

@DisplayName("Zones on plain PostgreSQL")
class PostgresZonesTest extends ZonesContract {
  @Override
  String server() {
    return TestServers.endpoints().postgres();
  }
}
