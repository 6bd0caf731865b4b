package clicktide.deploy;

import static clicktide.time.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@DisplayName("A7: domains of owners")
@Timeout(120)
class DomainsTest {
  @RegisterExtension static final RunningProduct product = new RunningProduct();

  private static void assign(String domain, String owner) throws Exception {
    var body = "{\"ownerId\": \"%s\"}".formatted(owner);
    var assigned = product.askAs(product.administrator, "PUT", "/v1/domains/" + domain, body);
    assertThat(assigned.statusCode()).as(assigned.body()).isEqualTo(201);
  }

  private static int status(String key, String method, String path, String body) throws Exception {
    return product.status(key, method, path, body);
  }

  @Test
  @DisplayName(
      "the same code is another link on each domain; unknown codes have a series of their own")
  void links() throws Exception {
    assign("go.example", product.owner);
    var plain = product.link(", \"code\": \"sale\"");
    var body =
        "{\"destination\": \"https://example.org/there\", \"code\": \"sale\", \"domain\": \"go.example\"}";
    var made = product.send("POST", "/v1/links", body);
    assertThat(made.path("code").textValue()).isEqualTo("sale@go.example");
    assertThat(made.path("domain").textValue()).isEqualTo("go.example");
    assertThat(made.path("shortUrl").textValue()).matches("http://go[.]example:\\d+/sale");
    assertThat(product.link(", \"domain\": \"go.example\"")).matches("\\w{8}@go[.]example");

    assertThat(product.here.followOn("go.example", "sale", "198.51.100.1"))
        .contains("location: https://example.org/there\r\n");
    assertThat(product.follow(plain, "198.51.100.1").headers().firstValue("location"))
        .contains("https://example.com/");
    for (var path : new String[] {"nothing", "nobody", ""}) {
      assertThat(product.here.followOn("go.example", path, "198.51.100.1"))
          .startsWith("HTTP/1.1 404");
    }
    change(
        "{\"notFoundDestination\": \"https://example.org/sorry\", \"defaultDestination\": \"https://example.org/\"}");
    assertThat(product.here.followOn("go.example", "nothing", "198.51.100.1"))
        .contains("location: https://example.org/sorry\r\n");
    assertThat(product.here.followOn("go.example", "", "198.51.100.1"))
        .contains("location: https://example.org/\r\n");

    for (var bucket : new String[] {"bucket=minute", "bucket=total"}) {
      eventually("3 clicks on the domain").until(() -> human("*@go.example", bucket) == 3);
      eventually("2 unknown codes").until(() -> human("@go.example", bucket) == 2);
      eventually("1 click on its link").until(() -> human("sale@go.example", bucket) == 1);
      assertThat(product.ownerClicks("interval=1h&" + bucket).human()).isEqualTo(2);
    }
    var byStatus =
        product.get("/v1/links/*@go.example/analytics?interval=1h&bucket=total&dimensions=status");
    assertThat(byStatus.path("series").toString())
        .contains("\"status\":\"404\",\"clicks\":2")
        .contains("\"status\":\"302\",\"clicks\":1");
    assertThat(product.get("/v1/links/*@go.example/events").toString())
        .contains("nobody@go.example");
    var top =
        product.get("/v1/owners/%s/analytics/top-links?interval=24h".formatted(product.owner));
    assertThat(top.path("links")).hasSize(2);
    var rows =
        "[{\"destination\": \"https://example.com/\", \"code\": \"many\", \"domain\": \"go.example\"}]";
    for (var outcome : new String[] {"created", "unchanged"}) {
      var result = product.send("POST", "/v1/imports/links", rows);
      assertThat(result.path(outcome).intValue()).as(result.toString()).isEqualTo(1);
    }
    var ledger = product.get("/v1/links/*@go.example/ledger?interval=1h");
    assertThat(ledger.path("received").intValue()).isEqualTo(3);
  }

  private static JsonNode change(String body) throws Exception {
    return product.send("PATCH", "/v1/domains/go.example", body);
  }

  private static int human(String code, String query) throws Exception {
    return product.clicks(code, query).human();
  }

  @Test
  @DisplayName("only the administrator assigns domains; a code without a name cannot be changed")
  void permissions() throws Exception {
    assign("mine.example", product.owner);
    var eve = product.newOwner("Eve");
    var evesKey = eve.key();
    assign("eves.example", eve.id());

    var put = "{\"ownerId\": \"%s\"}".formatted(eve.id());
    assertThat(status(product.administrator, "PUT", "/v1/domains/mine.example", put))
        .isEqualTo(409);
    assertThat(status(evesKey, "PUT", "/v1/domains/mine.example", put)).isEqualTo(403);
    assertThat(status(evesKey, "GET", "/v1/domains/mine.example", "")).isEqualTo(404);
    assertThat(status(evesKey, "PATCH", "/v1/domains/mine.example", "{}")).isEqualTo(404);
    assertThat(status(evesKey, "GET", "/v1/links/*@mine.example/analytics", "")).isEqualTo(404);
    assertThat(status(product.administrator, "PUT", "/v1/domains/10.0.0.1", put)).isEqualTo(400);
    var own = product.get("/v1/domains").path("domains");
    assertThat(own.toString()).contains("mine.example").doesNotContain("eves.example");

    for (var code :
        new String[] {"a@eves.example", "a@none.example", "@mine.example", "*@mine.example"}) {
      var body = "{\"destination\": \"https://example.com/\", \"code\": \"%s\"}".formatted(code);
      assertThat(status(product.key, "POST", "/v1/links", body)).as(code).isEqualTo(422);
    }
    for (var method : new String[] {"GET", "PATCH", "DELETE"}) {
      var body = method.equals("GET") ? "" : "{}";
      assertThat(status(product.key, method, "/v1/links/*@mine.example", body)).isEqualTo(404);
    }
    var loop = "{\"destination\": \"https://eves.example/x\"}";
    assertThat(status(product.key, "POST", "/v1/links", loop)).isEqualTo(422);

    var made = product.link(", \"code\": \"b@mine.example\"");
    assertThat(product.get("/v1/links?domain=mine.example").path("links")).hasSize(1);
    assertThat(status(product.administrator, "DELETE", "/v1/domains/mine.example", ""))
        .isEqualTo(409);
    product.ask("DELETE", "/v1/links/" + made, "");
    assertThat(status(product.administrator, "DELETE", "/v1/domains/mine.example", ""))
        .isEqualTo(204);
    assertThat(status(product.key, "GET", "/v1/domains/mine.example", "")).isEqualTo(404);
    assertThat(status(product.administrator, "PUT", "/v1/domains/mine.example", put))
        .isEqualTo(409);
    assign("mine.example", product.owner);
  }
}
