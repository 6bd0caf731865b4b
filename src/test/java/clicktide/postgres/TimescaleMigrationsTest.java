package clicktide.postgres;

import clicktide.embedded.TestServers;
import clicktide.postgres.sink.TimescaleRollupsTest;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;

@DisplayName("Migrations on TimescaleDB")
class TimescaleMigrationsTest extends MigrationsContract {
  @BeforeAll
  static void needTimescale() {
    TimescaleRollupsTest.needTimescale("TimescaleMigrationsTest");
  }

  @Override
  String freshDatabase() {
    return TestServers.freshDatabase(TestServers.timescale().orElseThrow());
  }

  @Override
  String flavour() {
    return "timescale";
  }
}
