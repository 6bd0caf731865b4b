package clicktide.postgres.query;

import clicktide.embedded.TestServers;
import clicktide.postgres.sink.TimescaleRollupsTest;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;

@DisplayName("Tenants on TimescaleDB")
class TimescaleTenantsTest extends TenantsContract {
  @BeforeAll
  static void needTimescale() {
    TimescaleRollupsTest.needTimescale("TimescaleTenantsTest");
  }

  @Override
  String freshDatabase() {
    return TestServers.freshDatabase(TestServers.timescale().orElseThrow());
  }
}
