package clicktide.postgres.query;

import clicktide.embedded.TestServers;
import clicktide.postgres.MigratedDatabase;
import org.junit.jupiter.api.DisplayName;

@DisplayName("History on plain PostgreSQL")
class PostgresHistoryTest extends HistoryContract {
  @Override
  String freshDatabase() {
    return MigratedDatabase.on(TestServers.endpoints().postgres());
  }

  @Override
  String chunks() {
    return "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'click_row'::regclass";
  }
}
