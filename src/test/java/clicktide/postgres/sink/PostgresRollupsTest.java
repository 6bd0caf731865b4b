package clicktide.postgres.sink;

import clicktide.embedded.TestServers;
import clicktide.postgres.MigratedDatabase;
import clicktide.postgres.Migrations;
import org.junit.jupiter.api.DisplayName;

@DisplayName("Rollups on plain PostgreSQL")
class PostgresRollupsTest extends RollupsContract {
  @Override
  String freshDatabase() {
    return MigratedDatabase.on(TestServers.endpoints().postgres());
  }

  @Override
  Migrations.Flavour flavour() {
    return Migrations.Flavour.POSTGRES;
  }
}
