package clicktide.postgres.sink;

import clicktide.embedded.TestServers;
import clicktide.postgres.Migrations;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;

@DisplayName("Rollups on TimescaleDB")
public class TimescaleRollupsTest extends RollupsContract {
  @BeforeAll
  static void needTimescale() {
    needTimescale("TimescaleRollupsTest");
  }

  /** Skips a test, and says so loudly, where there is no TimescaleDB. */
  public static void needTimescale(String test) {
    var isThere = TestServers.timescale().isPresent();
    if (!isThere) {
      System.out.println(
          "SKIPPED: "
              + test
              + ", because there is neither CLICKTIDE_TEST_TIMESCALE, nor a Docker engine, nor an installed PostgreSQL that offers timescaledb");
    }
    Assumptions.assumeTrue(isThere, "no TimescaleDB on this machine");
  }

  @Override
  String freshDatabase() {
    return TestServers.freshDatabase(TestServers.timescale().orElseThrow());
  }

  @Override
  Migrations.Flavour flavour() {
    return Migrations.Flavour.TIMESCALE;
  }
}
