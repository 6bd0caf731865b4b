package clicktide.deploy;

import static clicktide.deploy.RunningProduct.read;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@DisplayName("A7: import and export of links")
@Timeout(120)
class LinkImportTest {
  @RegisterExtension static final RunningProduct product = new RunningProduct();

  private static HttpResponse<String> post(String query, String type, String body)
      throws Exception {
    return product.here.api(
        product.key, "POST", "/v1/imports/links" + query, body, "Content-Type", type);
  }

  private static JsonNode imported(String query, String type, String body) throws Exception {
    return read(post(query, type, body));
  }

  private static String counts(JsonNode answer) {
    return "%d created, %d changed, %d unchanged, %d failed"
        .formatted(
            answer.path("created").intValue(),
            answer.path("changed").intValue(),
            answer.path("unchanged").intValue(),
            answer.path("failed").intValue());
  }

  @Test
  @DisplayName(
      "each row is created, changed, unchanged or failed by itself; a second import changes nothing")
  void tables() throws Exception {
    var table =
        """
        code,destination,title,tags,redirectStatus,enabled,externalId
        spring,https://example.com/spring,"Spring, early","news,spring",301,true,row-1
        neap,https://example.com/neap,'=1+1,,,false,
        ,javascript:alert(1),,,,,
        spring,https://example.com/other,,,,,
        ebb,https://example.com/ebb,,,many,,
        """;
    var first = imported("", "text/csv; charset=utf-8", table);
    var again = imported("", "text/csv", table);
    var moved = imported("", "text/csv", table.replace("/neap", "/later"));

    assertThat(counts(first)).isEqualTo("2 created, 0 changed, 0 unchanged, 3 failed");
    assertThat(counts(again)).isEqualTo("0 created, 0 changed, 2 unchanged, 3 failed");
    assertThat(counts(moved)).isEqualTo("0 created, 1 changed, 1 unchanged, 3 failed");
    assertThat(first.path("rows").toString())
        .contains("\"row\":3,\"outcome\":\"failed\"", "scheme_not_allowed")
        .contains("twice_in_import", "invalid_integer");
    var spring = product.get("/v1/links/spring");
    assertThat(spring.path("title").textValue()).isEqualTo("Spring, early");
    assertThat(spring.path("tags")).hasSize(2);
    assertThat(product.follow("spring", "198.51.100.1").statusCode()).isEqualTo(301);
    assertThat(product.get("/v1/links/neap").path("title").textValue()).isEqualTo("=1+1");
    assertThat(product.follow("neap", "198.51.100.1").statusCode()).isEqualTo(410);
  }

  @Test
  @DisplayName("an export is imported without a change, as CSV and as JSON lines")
  void exportsAreImported() throws Exception {
    product.link(", \"title\": \"'=apostrophe\", \"tags\": [\"odd\"]");
    product.send(
        "POST",
        "/v1/links",
        "{\"destination\": \"https://example.com/?utm_source=%00\", \"tags\": [\"odd\"]}");
    var odd = product.ask("GET", "/v1/exports/links?tag=odd", "");
    assertThat(counts(imported("", "text/csv", "\ufeff" + odd.body())))
        .isEqualTo("0 created, 0 changed, 2 unchanged, 0 failed");
    for (var i = 0; i < 3; i++) {
      product.link(
          ", \"title\": \"=SUM(A%d)\", \"tags\": [\"round trip\", \"b\"], \"clickLimit\": 7, \"startsAt\": \"2026-01-02T03:04:05Z\""
              .formatted(i));
    }
    for (var format : new String[] {"csv", "jsonl"}) {
      var path = "/v1/exports/links?format=%s&tag=round%%20trip&limit=2".formatted(format);
      var page = product.ask("GET", path, "");
      var cursor = page.headers().firstValue("clicktide-next-cursor").orElseThrow();
      var rest = product.ask("GET", path + "&cursor=" + cursor, "");
      assertThat(rest.headers().firstValue("clicktide-next-cursor")).isEmpty();
      var type = page.headers().firstValue("content-type").orElseThrow();

      assertThat(page.body()).contains(format.equals("csv") ? "'=SUM(A2)" : "\"=SUM(A2)\"");
      assertThat(counts(imported("", type, page.body())))
          .isEqualTo("0 created, 0 changed, 2 unchanged, 0 failed");
      assertThat(counts(imported("", type, rest.body())))
          .isEqualTo("0 created, 0 changed, 1 unchanged, 0 failed");
      assertThat(counts(imported("", type, page.body().replace("SUM", "MIN"))))
          .isEqualTo("0 created, 2 changed, 0 unchanged, 0 failed");
      imported("", type, page.body());
    }
  }

  @Test
  @DisplayName("exports of other shorteners are imported; their clicks are kept apart")
  void linksOfPeers() throws Exception {
    var exports =
        Map.of(
            "yourls",
            "{\"links\": {\"link_1\": {\"shorturl\": \"https://sho.rt/from-yourls\", \"url\": \"https://example.com/a\", \"title\": \"A\", \"timestamp\": \"2020-01-01 00:00:00\", \"ip\": \"192.0.2.1\", \"clicks\": \"1234\"}}, \"stats\": {\"total_links\": \"1\"}}",
            "shlink",
            "{\"shortUrls\": {\"data\": [{\"shortCode\": \"from-shlink\", \"shortUrl\": \"https://s.test/from-shlink\", \"longUrl\": \"https://example.com/b\", \"tags\": [\"x\"], \"meta\": {\"validSince\": null, \"maxVisits\": 500000}, \"forwardQuery\": true, \"visitsSummary\": {\"total\": 55, \"nonBots\": 50}}]}}",
            "kutt",
            "{\"data\": [{\"address\": \"from-kutt\", \"target\": \"https://example.com/c\", \"description\": \"C\", \"visit_count\": 7}]}",
            "bitly",
            "{\"links\": [{\"id\": \"bit.ly/from-bitly\", \"long_url\": \"https://example.com/d\", \"title\": \"D\", \"tags\": [], \"archived\": false}]}");
    for (var export : exports.entrySet()) {
      var query = "?format=" + export.getKey();
      var answer = imported(query, "application/json", export.getValue());
      assertThat(counts(answer)).as(answer.toString()).startsWith("1 created");
      assertThat(counts(imported(query, "application/json", export.getValue())))
          .startsWith("0 created, 0 changed, 1 unchanged");
    }
    var table =
        "keyword,url,title,timestamp,ip,clicks\nold,https://example.com/e,E,2020-01-01,192.0.2.1,9\n";
    assertThat(counts(imported("?format=yourls", "text/csv", table))).startsWith("1 created");

    var yourls = product.get("/v1/links/from-yourls");
    assertThat(yourls.path("imported").toString())
        .isEqualTo("{\"clicks\":1234,\"source\":\"yourls\"}");
    assertThat(product.rollupClicks("from-yourls").total()).isZero();
    var shlink = product.get("/v1/links/from-shlink");
    assertThat(shlink.path("clickLimit").intValue()).isEqualTo(500_000);
    assertThat(shlink.path("forwardQuery").booleanValue()).isTrue();
    assertThat(product.get("/v1/links/from-bitly").has("imported")).isFalse();
    assertThat(product.get("/v1/links/old").at("/imported/clicks").intValue()).isEqualTo(9);
  }

  @Test
  @DisplayName("G18: a table has at most 50 columns, and an answer at most 1,000 faults in detail")
  void faultsAreBounded() throws Exception {
    var row = "x" + ",x".repeat(49) + "\n";
    var columns = new StringBuilder("code");
    for (var i = 0; i < 49; i++) {
      columns.append(",unknown").append(i);
    }
    var wide = post("", "text/csv", columns + ",50\n" + row);
    assertThat(wide.statusCode()).isEqualTo(400);
    assertThat(wide.body()).contains("the table cannot have more than 50 columns");

    var answer = imported("", "text/csv", columns + "\n" + row.repeat(500));
    assertThat(counts(answer)).isEqualTo("0 created, 0 changed, 0 unchanged, 500 failed");
    assertThat(answer.at("/rows/0/errors")).hasSize(21);
    assertThat(answer.at("/rows/499/errors")).hasSize(1);
    assertThat(answer.at("/rows/499/errors/0/code").textValue()).isEqualTo("more_faults");
    assertThat(answer.findValues("field")).hasSizeLessThanOrEqualTo(1_500);
  }

  @Test
  @DisplayName("an invalid file is rejected as a whole")
  void invalidFiles() throws Exception {
    assertThat(post("", "text/html", "<p>").statusCode()).isEqualTo(415);
    assertThat(post("", "application/json", "{}").statusCode()).isEqualTo(422);
    assertThat(post("", "application/json", "[7]").statusCode()).isEqualTo(200);
    assertThat(post("", "text/csv", "code,destination\na,\"b").statusCode()).isEqualTo(400);
    assertThat(post("?format=word", "text/csv", "code\n").statusCode()).isEqualTo(400);
    var latin = "code,title\nx,Caf\u00e9".getBytes(StandardCharsets.ISO_8859_1);
    assertThat(product.here.send(product.key, "/v1/imports/links", "text/csv", latin))
        .isEqualTo(400);
    var many = "code,destination\n" + "a,https://example.com/\n".repeat(1_001);
    assertThat(post("", "text/csv", many).statusCode()).isBetween(400, 413);
  }
}
