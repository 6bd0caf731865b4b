package clicktide.postgres.backup;

import clicktide.embedded.TestServers;
import clicktide.postgres.sink.TimescaleRollupsTest;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Backup and restore on TimescaleDB")
class TimescaleBackupTest extends BackupContract {
  @BeforeAll
  static void needTimescale() {
    TimescaleRollupsTest.needTimescale("TimescaleBackupTest");
  }

  @Override
  String server() {
    return TestServers.timescale().orElseThrow();
  }

  @Test
  @DisplayName("a backup of one flavour can be restored into the other one")
  void otherFlavour() throws Exception {
    var plain = TestServers.endpoints().postgres();
    backup("from timescale");
    restore("from timescale", plain);

    showsSameRows();
  }
}
