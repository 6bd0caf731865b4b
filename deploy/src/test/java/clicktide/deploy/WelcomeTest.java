package clicktide.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import clicktide.event.OwnerId;
import clicktide.link.Link;
import clicktide.link.Link.Notes;
import clicktide.link.Link.Rules;
import clicktide.settings.Settings;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The text at the end of the first start")
class WelcomeTest {
  private static final String OWNERS_KEY = "ct_key-of-the-owner";
  private static final String ADMINS_KEY = "ct_key-of-the-administrator";

  private static String text(Map<String, String> environment, boolean isTerminal) {
    var settings = Settings.from(environment, List.of("--data", "/var/lib/clicktide"));
    var owner = new OwnerId(7);
    var rules = Rules.to("https://example.com/");
    var link = new Link(1, "abc", owner, rules, Notes.NONE, 1, Instant.EPOCH, Instant.EPOCH);
    var created = new FirstStart.Created(owner, OWNERS_KEY, link);
    return Welcome.text(
        settings,
        settings.adminKey().isPresent()
            ? new AdminKey("CLICKTIDE_ADMIN_KEY", Optional.empty())
            : new AdminKey("/var/lib/clicktide/admin.key", Optional.of(ADMINS_KEY)),
        Optional.of(created),
        isTerminal);
  }

  @Test
  @DisplayName("has the keys on a terminal")
  void hasTheKeysOnATerminal() {
    assertThat(text(Map.of(), true))
        .contains(OWNERS_KEY, ADMINS_KEY, "/var/lib/clicktide/owner.key");
  }

  @Test
  @DisplayName("has the address of each port, and localhost for a port on every address")
  void hasTheAddressOfEachPort() {
    var binds = Map.of("CLICKTIDE_BIND", "0.0.0.0", "CLICKTIDE_API_BIND", "192.0.2.2");

    assertThat(text(binds, true))
        .contains("http://localhost:8080/", "http://192.0.2.2:8081/", "http://127.0.0.1:8082/");
  }

  @Test
  @DisplayName("names only the files of the keys elsewhere, because logs are kept")
  void namesOnlyTheFilesElsewhere() {
    assertThat(text(Map.of(), false))
        .contains("/var/lib/clicktide/admin.key", "/var/lib/clicktide/owner.key", "A first link")
        .doesNotContain(OWNERS_KEY, ADMINS_KEY);
  }

  @Test
  @DisplayName("names the setting of the administrator's key instead of a file that does not exist")
  void namesTheSetting() {
    var key = "k".repeat(32);

    assertThat(text(Map.of("CLICKTIDE_ADMIN_KEY", key), true))
        .contains("CLICKTIDE_ADMIN_KEY (administrator)")
        .doesNotContain("admin.key", key);
  }
}
