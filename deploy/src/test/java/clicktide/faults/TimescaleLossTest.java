package clicktide.faults;

import clicktide.embedded.ScratchPostgres;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

@DisplayName("Exact counts after a loss of changes: TimescaleDB")
@EnabledIfSystemProperty(named = "clicktide.faults", matches = "all")
@Timeout(400)
class TimescaleLossTest extends PostgresLossContract {
  @Override
  ScratchPostgres server() throws Exception {
    var server = ScratchPostgres.timescale();
    if (server.isEmpty()) {
      System.out.println(
          "SKIPPED: TimescaleLossTest, because there is no installed PostgreSQL that offers timescaledb");
    }
    Assumptions.assumeTrue(server.isPresent(), "no TimescaleDB on this machine");
    return server.get();
  }

  @Override
  String flavour() {
    return "TimescaleDB";
  }

  @Test
  @DisplayName("R5: the database is put back by 5 s")
  void isPutBack() throws Exception {
    losing("put back by 5 s", postgres.putBack(), 5);
  }

  @Test
  @DisplayName("R5: the database is put back by 30 s")
  void isPutBackFurther() throws Exception {
    losing("put back by 30 s", postgres.putBack(), 30);
  }
}
