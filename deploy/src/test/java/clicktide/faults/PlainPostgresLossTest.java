package clicktide.faults;

import clicktide.embedded.ScratchPostgres;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

@DisplayName("Exact counts after a loss of changes: PostgreSQL")
@EnabledIfSystemProperty(named = "clicktide.faults", matches = "all")
@Timeout(400)
class PlainPostgresLossTest extends PostgresLossContract {
  @Override
  ScratchPostgres server() throws Exception {
    return ScratchPostgres.plain();
  }

  @Override
  String flavour() {
    return "PostgreSQL";
  }
}
