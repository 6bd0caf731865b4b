package clicktide.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@DisplayName("E10: no scope does the work of another scope")
@Timeout(120)
class ScopesTest {
  private static final String CHANGE = "{\"title\": \"other\"}";
  @RegisterExtension static final RunningProduct product = new RunningProduct();

  private static String key(String... scopes) throws Exception {
    var names = Arrays.stream(scopes).map("\"%s\""::formatted).collect(Collectors.joining(","));
    var body = "{\"name\": \"a key\", \"scopes\": [%s]}".formatted(names);
    var keys = "/v1/owners/%s/keys".formatted(product.owner);
    return product.send("POST", keys, body).path("apiKey").textValue();
  }

  @Test
  @DisplayName("publishing statistics requires analytics:read, and hiding them does not")
  void publicStats() throws Exception {
    var path = "/v1/links/%s/public-stats".formatted(product.link());
    var writer = key("links:write");

    assertThat(product.status(writer, "PUT", path, "{}")).isEqualTo(403);
    assertThat(product.status(writer, "DELETE", path, "")).isEqualTo(204);
    var both = key("links:write", "analytics:read");
    assertThat(product.status(both, "PUT", path, "{}")).isEqualTo(200);
  }

  @Test
  @DisplayName(
      "the networks that are not counted require keys:write, the name of an owner does not")
  void ownNetworks() throws Exception {
    var path = "/v1/owners/" + product.owner;
    var networks = "{\"ownNetworks\": [\"0.0.0.0/0\"]}";

    var writer = key("links:write");
    assertThat(product.status(writer, "PATCH", path, networks)).isEqualTo(403);
    assertThat(product.status(writer, "PATCH", path, "{\"ownNetworks\": null}")).isEqualTo(403);
    assertThat(product.askAs(writer, "PATCH", path, "{\"name\": \"Ada\"}").body()).isEmpty();
    var both = key("links:write", "keys:write");
    assertThat(product.status(both, "PATCH", path, "{\"ownNetworks\": []}")).isEqualTo(204);
    assertThat(product.get(path).path("ownNetworks")).isEmpty();
  }

  @Test
  @DisplayName("a key without links:read changes a link and does not see it")
  void changesAreNotShown() throws Exception {
    var code = product.link(", \"externalId\": \"crm-scopes\"");
    var writer = key("links:write");

    var patched = product.askAs(writer, "PATCH", "/v1/links/" + code, CHANGE);
    assertThat(patched.statusCode()).isEqualTo(204);
    assertThat(patched.body()).isEmpty();
    assertThat(patched.headers().firstValue("etag"))
        .isEqualTo(product.ask("GET", "/v1/links/" + code, "").headers().firstValue("etag"));
    var same = "{\"destination\": \"https://example.com/\"}";
    var path = "/v1/external-links/crm-scopes";
    assertThat(product.status(writer, "PUT", path, same)).isEqualTo(204);
    var both = key("links:write", "links:read");
    assertThat(product.askAs(both, "PATCH", "/v1/links/" + code, "{}").body()).contains("other");
  }

  @Test
  @DisplayName(
      "a key without links:read creates a link, and no repeated call shows its later state")
  void aRepeatedCallShowsNothing() throws Exception {
    var writer = key("links:write");
    var body = "{\"destination\": \"https://example.com/\"}";
    String[] once = {"Idempotency-Key", "scopes"};

    var created = product.askAs(writer, "POST", "/v1/links", body, once);
    assertThat(created.statusCode()).isEqualTo(201);
    var code = RunningProduct.json(created).path("code").textValue();
    product.send("PATCH", "/v1/links/" + code, CHANGE);

    var repeated = product.askAs(writer, "POST", "/v1/links", body, once);
    assertThat(repeated.statusCode()).isEqualTo(409);
    assertThat(repeated.body()).contains(code).doesNotContain("other");
    assertThat(product.ask("POST", "/v1/links", body, once).statusCode()).isEqualTo(201);
  }

  @Test
  @DisplayName("a key without links:read changes a domain and does not see it")
  void domainsAreNotShown() throws Exception {
    var path = "/v1/domains/scopes.example.com";
    var owner = "{\"ownerId\": \"%s\"}".formatted(product.owner);
    product.askAs(product.administrator, "PUT", path, owner);

    assertThat(product.status(key("links:write"), "PATCH", path, "{}")).isEqualTo(204);
    assertThat(product.status(product.key, "PATCH", path, "{}")).isEqualTo(200);
  }

  @Test
  @DisplayName("the audit log shows links, so it requires links:read and keys:write")
  void auditLog() throws Exception {
    var path = "/v1/owners/%s/audit".formatted(product.owner);

    assertThat(product.status(key("keys:write"), "GET", path, "")).isEqualTo(403);
    assertThat(product.status(key("links:read"), "GET", path, "")).isEqualTo(403);
    assertThat(product.status(key("keys:write", "links:read"), "GET", path, "")).isEqualTo(200);
  }
}
