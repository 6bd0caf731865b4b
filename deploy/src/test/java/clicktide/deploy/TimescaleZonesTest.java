package clicktide.deploy;

import clicktide.embedded.TestServers;
import clicktide.postgres.sink.TimescaleRollupsTest;
import org.junit.jupiter.api.DisplayName;

@DisplayName("Zones on TimescaleDB")
class TimescaleZonesTest extends ZonesContract {
  @Override
  String server() {
    TimescaleRollupsTest.needTimescale("TimescaleZonesTest");
    return TestServers.timescale().orElseThrow();
  }
}
