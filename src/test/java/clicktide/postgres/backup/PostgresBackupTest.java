package clicktide.postgres.backup;

import clicktide.embedded.TestServers;
import org.junit.jupiter.api.DisplayName;

@DisplayName("Backup and restore on plain PostgreSQL")
class PostgresBackupTest extends BackupContract {
  @Override
  String server() {
    return TestServers.endpoints().postgres();
  }
}
