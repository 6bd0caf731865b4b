package clicktide.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import clicktide.embedded.TestServers;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("clicktide migrate")
@Timeout(60)
class MigrateCommandTest {
  private static List<String> migrate(String postgres) throws Exception {
    var bytes = new ByteArrayOutputStream();
    var out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    var environment = Map.of("CLICKTIDE_POSTGRES", postgres);
    assertThat(Commands.run(environment, List.of("migrate"), out)).isTrue();
    return bytes.toString(StandardCharsets.UTF_8).lines().toList();
  }

  @Test
  @DisplayName("prints each migration in one line, and nothing to do the second time")
  void migrates() throws Exception {
    var postgres = TestServers.freshDatabase(TestServers.endpoints().postgres());
    var ready = "The tables are ready for Clicktide %s.".formatted(Version.TEXT);

    assertThat(migrate(postgres)).contains("Migrated to version 1: control").endsWith(ready);
    assertThat(migrate(postgres)).containsExactly(ready);
  }

  @Test
  @DisplayName("fails with a sentence if PostgreSQL does not answer or is not named")
  void fails() {
    var nowhere = "postgresql://ct:secret@127.0.0.1:%d/ct".formatted(TestServers.freePort());
    assertThatThrownBy(() -> migrate(nowhere))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith("The migration failed: ")
        .hasMessageNotContaining("secret");
    assertThatThrownBy(() -> migrate(""))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("`CLICKTIDE_POSTGRES` is required.");
  }
}
