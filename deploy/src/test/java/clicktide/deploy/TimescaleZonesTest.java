package clicktide.deploy;

import clicktide.embedded.TestServers;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DisplayName;

@DisplayName("Zones on TimescaleDB")
class TimescaleZonesTest extends ZonesContract {
  @Override
  Map<String, String> database() {
    if (TestServers.timescale().isEmpty()) {
      System.out.println("SKIPPED: TimescaleZonesTest, because there is no TimescaleDB here");
    }
    Assumptions.assumeTrue(TestServers.timescale().isPresent(), "no TimescaleDB on this machine");
    var address = TestServers.freshDatabase(TestServers.timescale().orElseThrow());
    return Map.of("CLICKTIDE_POSTGRES", address);
  }
}
