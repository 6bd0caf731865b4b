package clicktide.postgres.query;

import clicktide.embedded.TestServers;
import clicktide.postgres.sink.TimescaleRollupsTest;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;

@DisplayName("History on TimescaleDB, with the traps of its aggregates")
class TimescaleHistoryTest extends HistoryContract {
  @BeforeAll
  static void needTimescale() {
    TimescaleRollupsTest.needTimescale("TimescaleHistoryTest");
  }

  @Override
  String freshDatabase() {
    return TestServers.freshDatabase(TestServers.timescale().orElseThrow());
  }

  @Override
  String chunks() {
    return "SELECT chunk_name FROM timescaledb_information.chunks WHERE hypertable_name = 'click_row'";
  }
}
