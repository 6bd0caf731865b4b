package clicktide.postgres.sink;

import clicktide.embedded.TestServers;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;

@DisplayName("Click limits on TimescaleDB")
class TimescaleClickLimitsTest extends ClickLimitsContract {
  @BeforeAll
  static void needTimescale() {
    TimescaleRollupsTest.needTimescale("TimescaleClickLimitsTest");
  }

  @Override
  String freshDatabase() {
    return TestServers.freshDatabase(TestServers.timescale().orElseThrow());
  }
}
