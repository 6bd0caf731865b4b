package clicktide.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Settings")
class SettingsTest {
  @Test
  @DisplayName("have defaults")
  void haveDefaults() {
    var settings = Settings.from(Map.of(), List.of());

    assertThat(settings.roles()).isEqualTo(EnumSet.allOf(Role.class));
    assertThat(settings.port()).isEqualTo(8080);
    assertThat(settings.publicUrl()).hasToString("http://localhost:8080");
    assertThat(settings.kafka()).isEmpty();
    assertThat(settings.bind()).isEqualTo("127.0.0.1");
  }

  @Test
  @DisplayName("come from the environment, and flags win")
  void comeFromTheEnvironmentAndFlagsWin() {
    var settings =
        Settings.from(
            Map.of("CLICKTIDE_PORT", "1", "CLICKTIDE_TRUSTED_PROXIES", "10.0.0.0/8, ::1"),
            List.of("redirect", "ingest", "--port", "2", "--demo"));

    assertThat(settings.port()).isEqualTo(2);
    assertThat(settings.demo()).isTrue();
    assertThat(settings.roles()).containsExactlyInAnyOrder(Role.REDIRECT, Role.INGEST);
    assertThat(settings.trustedProxies()).hasSize(2);
  }

  @Test
  @DisplayName("report all mistakes together, without secrets")
  void reportAllMistakesTogether() {
    var wrong =
        Map.of(
            "CLICKTIDE_PORT", "x",
            "CLICKTIDE_IDLE_TIMEOUT", "1",
            "CLICKTIDE_REDIS", "http://:secret@host",
            "CLICKTIDE_TRUSTED_PROXIES", "10.0.0.0/99",
            "CLICKTIDE_PROT", "8080");

    assertThatThrownBy(() -> Settings.from(wrong, List.of("--nonsense")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("CLICKTIDE_PORT=x")
        .hasMessageContaining("CLICKTIDE_IDLE_TIMEOUT=1")
        .hasMessageContaining("CLICKTIDE_REDIS is not valid")
        .hasMessageContaining("CLICKTIDE_TRUSTED_PROXIES")
        .hasMessageContaining("CLICKTIDE_PROT is not a setting")
        .hasMessageContaining("--nonsense")
        .hasMessageNotContaining("secret");
  }

  @Test
  @DisplayName("are all in the README, and nothing else is")
  void areAllInTheReadme() throws IOException {
    var readme = Files.readString(Path.of(System.getProperty("clicktide.root"), "README.md"));
    var rows = readme.lines().filter(line -> line.startsWith("| `CLICKTIDE_")).toList();

    assertThat(rows)
        .containsExactly(
            java.util.Arrays.stream(Setting.values())
                .map(
                    setting ->
                        "| `%s` | %s | %s |"
                            .formatted(
                                setting.name(),
                                setting.otherwise().isEmpty()
                                    ? ""
                                    : "`" + setting.otherwise() + "`",
                                setting.meaning()))
                .toArray(String[]::new));
  }
}
