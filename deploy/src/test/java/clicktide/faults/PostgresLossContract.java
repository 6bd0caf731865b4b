package clicktide.faults;

import clicktide.embedded.ScratchPostgres;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The ways in which a PostgreSQL with a replica loses its last changes. */
abstract class PostgresLossContract extends LightFaultSuite {
  PostgresPair postgres;

  /** Starts the first server. */
  abstract ScratchPostgres server() throws Exception;

  /** The name of the flavour. */
  abstract String flavour();

  @BeforeAll
  @Override
  void open(@TempDir Path place) throws Exception {
    postgres = new PostgresPair(server());
    super.open(place);
  }

  @Override
  Map<String, String> settings() {
    var settings = new HashMap<>(super.settings());
    settings.put("CLICKTIDE_POSTGRES", postgres.uri());
    return settings;
  }

  @AfterAll
  void end() {
    if (postgres != null) {
      postgres.close();
    }
  }

  void losing(String name, RestoredPostgres.Loss loss, double seconds) throws Exception {
    under(
        "R5 %s %s".formatted(flavour(), name),
        () -> {
          sent = new RestoredPostgres(rig, loss).run(seconds);
          return 1;
        });
  }

  @Test
  @DisplayName("R5: the primary is killed, and its replica lacks the last second")
  void theReplicaLacksASecond() throws Exception {
    var loss = postgres.failOver(false);
    losing("failover, 1 s lost", loss, 1);
  }

  @Test
  @DisplayName("R5: the replica runs longer than the primary, and lacks the last five seconds")
  void theReplicaRunsLonger() throws Exception {
    var loss = postgres.failOver(true);
    losing("failover, 5 s lost, replica older", loss, 5);
  }
}
