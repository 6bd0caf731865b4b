package clicktide.deploy;

import static clicktide.time.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@DisplayName("E10: the audit log")
@Timeout(120)
class AuditTest {
  @RegisterExtension static final RunningProduct product = new RunningProduct();
  private static String audit;

  @BeforeAll
  static void start() throws Exception {
    audit = "/v1/owners/%s/audit".formatted(product.owner);
  }

  private static JsonNode of(String subject) throws Exception {
    for (var entry : product.get(audit + "?limit=200").path("entries")) {
      if (entry.path("subject").textValue().equals(subject)) {
        return entry;
      }
    }
    throw new AssertionError("no entry about " + subject);
  }

  @Test
  @DisplayName("each write adds an entry with the change and the key, without a secret")
  void eachWriteAddsAnEntry() throws Exception {
    var prefix = product.key.substring(3, 15);
    var code = product.link(", \"title\": \"one\"");
    var made = of(code);
    assertThat(made.path("action").textValue()).isEqualTo("link.created");
    assertThat(made.path("actor").textValue()).isEqualTo(prefix);
    assertThat(made.at("/changes/title").toString()).isEqualTo("[null,\"one\"]");

    product.askAs(product.administrator, "PATCH", "/v1/links/" + code, "{\"title\": \"two\"}");
    var changed = of(code);
    assertThat(changed.path("action").textValue()).isEqualTo("link.changed");
    assertThat(changed.path("actor").textValue()).isEqualTo("administrator");
    assertThat(changed.path("changes").toString()).isEqualTo("{\"title\":[\"one\",\"two\"]}");

    product.ask("DELETE", "/v1/links/" + code, "");
    assertThat(of(code).path("action").textValue()).isEqualTo("link.deleted");

    var keys = "/v1/owners/%s/keys".formatted(product.owner);
    var key = product.send("POST", keys, "{\"name\": \"a key\"}");
    var id = key.path("keyId").textValue();
    assertThat(of(id).path("action").textValue()).isEqualTo("key.created");
    product.ask("DELETE", keys + "/" + id, "");
    assertThat(of(id).path("action").textValue()).isEqualTo("key.revoked");
    product.send("PATCH", "/v1/owners/" + product.owner, "{\"name\": \"Ada\"}");
    assertThat(of(product.owner).at("/changes/name/1").textValue()).isEqualTo("Ada");
    assertThat(product.get(audit + "?limit=200").toString())
        .doesNotContain("hash")
        .doesNotContain(key.path("apiKey").textValue());
  }

  @Test
  @DisplayName("changes by the product name it as the actor, and pages are complete")
  void pagesAreComplete() throws Exception {
    var code = product.link(", \"clickLimit\": 1");
    product.follow(code, "198.51.100.1");
    eventually("the click limit is reached")
        .until(() -> product.follow(code, "198.51.100.1").statusCode() == 410);
    var exhausted = of(code);
    assertThat(exhausted.path("actor").textValue()).isEqualTo("clicktide");
    assertThat(exhausted.at("/changes/state/1").textValue()).isEqualTo("EXHAUSTED");

    var all = product.get(audit + "?limit=200").path("entries");
    var paged = new ArrayList<JsonNode>();
    var next = "";
    do {
      var page = product.get(audit + "?limit=2" + next);
      page.path("entries").forEach(paged::add);
      next = page.has("nextCursor") ? "&cursor=" + page.path("nextCursor").textValue() : "";
    } while (!next.isEmpty());
    assertThat(paged).containsExactlyElementsOf(all);
  }
}
