package clicktide.deploy;

import static clicktide.deploy.RunningProduct.read;
import static clicktide.time.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.nayuki.qrcodegen.QrCode;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@DisplayName("A7: the management of links")
@Timeout(120)
class LinksTest {
  @RegisterExtension static final RunningProduct product = new RunningProduct();

  private static String location(String path) throws Exception {
    return product.follow(path, "198.51.100.1").headers().firstValue("location").orElseThrow();
  }

  @Test
  @DisplayName("a link has a title, tags and an external ID, and is found by them")
  void linksAreFound() throws Exception {
    var code =
        product.link(
            ", \"title\": \"Spring tide\", \"tags\": [\"news\", \"spring\"], \"externalId\": \"crm-1\"");
    product.link(", \"title\": \"Neap tide\", \"tags\": [\"news\"]");

    for (var query :
        new String[] {"q=SPRING", "tag=news,spring", "q=" + code, "tag=spring&q=tide"}) {
      assertThat(product.get("/v1/links?" + query).path("links")).as(query).hasSize(1);
    }
    assertThat(product.get("/v1/links?tag=news&state=active").path("links")).hasSize(2);
    assertThat(product.get("/v1/links?tag=news&state=exhausted").path("links")).isEmpty();
    product.follow(code, "198.51.100.1");
    var analytics = "interval=1h&bucket=total&tag=";
    eventually("the click is counted by tag")
        .until(() -> product.ownerClicks(analytics + "spring").total() == 1);
    assertThat(product.ownerClicks(analytics + "summer").total()).isZero();
    var shown = product.get("/v1/external-links/crm-1");
    assertThat(shown.path("code").textValue()).isEqualTo(code);
    assertThat(shown.path("tags").toString()).isEqualTo("[\"news\",\"spring\"]");
    var bare = product.send("PATCH", "/v1/links/" + code, "{\"title\": null, \"tags\": []}");
    assertThat(bare.has("title") || bare.has("tags")).isFalse();
    assertThat(bare.path("externalId").textValue()).isEqualTo("crm-1");
  }

  @Test
  @DisplayName("a change with If-Match is rejected if the link has another version")
  void versions() throws Exception {
    var code = product.link("");
    var path = "/v1/links/" + code;
    var read = product.ask("GET", path, "");
    var etag = read.headers().firstValue("etag").orElseThrow();

    var first = product.ask("PATCH", path, "{\"title\": \"one\"}", "If-Match", etag);
    var late = product.ask("PATCH", path, "{\"title\": \"two\"}", "If-Match", etag);
    var same = product.ask("PATCH", path, "{\"title\": \"one\"}");

    assertThat(first.statusCode()).isEqualTo(200);
    var second = first.headers().firstValue("etag").orElseThrow();
    assertThat(second).isNotEqualTo(etag);
    assertThat(late.statusCode()).isEqualTo(412);
    assertThat(late.body()).contains("precondition_failed");
    assertThat(read(same).path("version").intValue()).isEqualTo(2); // nothing to change
    assertThat(product.ask("GET", path, "", "If-None-Match", second).statusCode()).isEqualTo(304);
    assertThat(product.ask("DELETE", path, "", "If-Match", etag).statusCode()).isEqualTo(412);
  }

  @Test
  @DisplayName(
      "of changes with the same If-Match at the same moment, one is made and others get 412")
  void versionsAtTheSameMoment() throws Exception {
    for (var round = 0; round < 10; round++) {
      var path = "/v1/links/" + product.link("");
      var etag = product.ask("GET", path, "").headers().firstValue("etag").orElseThrow();
      var external = "/v1/external-links/moment-" + round;
      var body = "{\"destination\": \"https://example.com/%s\"}";
      product.ask("PUT", external, body.formatted("first"));
      var other = product.ask("GET", external, "").headers().firstValue("etag").orElseThrow();
      try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
        var changes = new ArrayList<Future<Integer>>();
        var puts = new ArrayList<Future<Integer>>();
        for (var i = 0; i < 4; i++) {
          var title = "{\"title\": \"%d\"}".formatted(i);
          var destination = body.formatted(i);
          changes.add(
              threads.submit(
                  () -> product.ask("PATCH", path, title, "If-Match", etag).statusCode()));
          puts.add(
              threads.submit(
                  () -> product.ask("PUT", external, destination, "If-Match", other).statusCode()));
        }
        for (var calls : List.of(changes, puts)) {
          assertThat(calls).extracting(Future::get).containsExactlyInAnyOrder(200, 412, 412, 412);
        }
      }
    }
  }

  @Test
  @DisplayName("PUT by external ID creates a link or changes it")
  void linksArePut() throws Exception {
    var path = "/v1/external-links/order%2F7";
    var body = "{\"destination\": \"https://example.com/%s\", \"tags\": [\"a\"]}";

    var made = product.ask("PUT", path, body.formatted("one"));
    var again = product.ask("PUT", path, body.formatted("one"));
    var changed = product.ask("PUT", path, body.formatted("two"));

    assertThat(made.statusCode()).isEqualTo(201);
    assertThat(read(made).path("externalId").textValue()).isEqualTo("order/7");
    assertThat(again.statusCode()).isEqualTo(200);
    assertThat(read(again).path("version").intValue()).isEqualTo(1);
    assertThat(read(changed).path("version").intValue()).isEqualTo(2);
    assertThat(read(changed).path("code")).isEqualTo(read(made).path("code"));
    assertThat(product.ask("PUT", path, body.formatted("x"), "If-None-Match", "*").statusCode())
        .isEqualTo(412);
    assertThat(
            product
                .ask("PUT", "/v1/external-links/new", body.formatted("x"), "If-Match", "*")
                .statusCode())
        .isEqualTo(412);
    assertThat(
            product
                .ask("PUT", "/v1/external-links/" + "x".repeat(129), body.formatted("x"))
                .statusCode())
        .isEqualTo(400);
    assertThat(product.ask("GET", "/v1/external-links/a%00b?externalId=z", "").statusCode())
        .isEqualTo(400);
    var other = "{\"destination\": \"https://example.com/\", \"externalId\": \"order/7\"}";
    assertThat(product.ask("POST", "/v1/links", other).body()).contains("external_id_taken");
  }

  @Test
  @DisplayName("a link forwards the visitor's query only if forwardQuery is set")
  void queriesAreForwarded() throws Exception {
    var plain = product.link("");
    var forwarding = product.link(", \"forwardQuery\": true");
    var full =
        product
            .send(
                "POST",
                "/v1/links",
                "{\"destination\": \"https://example.com/a?x=1#part\", \"forwardQuery\": true}")
            .path("code")
            .textValue();

    assertThat(location(plain + "?a=1")).isEqualTo("https://example.com/");
    assertThat(location(forwarding + "?a=1&qr=1&b=%C3%A9"))
        .isEqualTo("https://example.com/?a=1&b=%C3%A9");
    assertThat(location(forwarding)).isEqualTo("https://example.com/");
    assertThat(location(full + "?y=2")).isEqualTo("https://example.com/a?x=1&y=2#part");
  }

  @Test
  @DisplayName(
      "a link's campaign is in its destination and its counts; a visitor's own takes precedence")
  void campaigns() throws Exception {
    var code =
        product.link(
            ", \"campaign\": {\"source\": \"letter\", \"medium\": \"e mail\", \"campaign\": \"may\"}");
    var shown = product.get("/v1/links/" + code);
    assertThat(shown.path("destination").textValue())
        .isEqualTo("https://example.com/?utm_source=letter&utm_medium=e%20mail&utm_campaign=may");
    assertThat(shown.path("campaign").path("medium").textValue()).isEqualTo("e mail");

    product.follow(code, "198.51.100.1");
    product.follow(code + "?utm_source=friend", "198.51.100.2");

    var query = "/v1/links/%s/analytics?interval=1h&bucket=total&dimensions=source".formatted(code);
    eventually("both campaigns are counted")
        .until(() -> product.get(query).path("series").size() == 2);
    assertThat(product.get(query).path("series").toString())
        .contains("\"source\":\"letter\",\"clicks\":1", "\"source\":\"friend\",\"clicks\":1");
    var without = product.send("PATCH", "/v1/links/" + code, "{\"campaign\": {\"medium\": null}}");
    assertThat(without.path("destination").textValue())
        .isEqualTo("https://example.com/?utm_source=letter&utm_campaign=may");
  }

  @Test
  @DisplayName(
      "a link is exhausted when its click limit is reached; bots do not count towards the limit")
  void limits() throws Exception {
    var code = product.link(", \"clickLimit\": 3");
    assertThat(product.here.follow(code, "User-Agent", "Googlebot/2.1").statusCode())
        .isEqualTo(302);
    for (var i = 1; i <= 3; i++) {
      assertThat(product.follow(code, "198.51.100." + i).statusCode()).isEqualTo(302);
    }
    eventually("the limit is reached")
        .until(() -> product.follow(code, "198.51.100.9").statusCode() == 410);

    var shown = product.get("/v1/links/" + code);
    assertThat(shown.path("state").textValue()).isEqualTo("exhausted");
    var more = product.send("PATCH", "/v1/links/" + code, "{\"clickLimit\": 1000}");
    assertThat(more.path("state").textValue()).isEqualTo("active");
    var again = product.send("PATCH", "/v1/links/" + code, "{\"clickLimit\": 2}");
    assertThat(again.path("state").textValue()).isEqualTo("exhausted");
    var free = product.send("PATCH", "/v1/links/" + code, "{\"clickLimit\": null}");
    assertThat(free.path("state").textValue()).isEqualTo("active");
    eventually("3 clicks are counted").until(() -> product.rollupClicks(code).human() >= 3);
    var late = product.send("PATCH", "/v1/links/" + code, "{\"clickLimit\": 3}");
    assertThat(late.path("state").textValue())
        .isEqualTo("exhausted"); // clicks before the limit count
  }

  @Test
  @DisplayName("A6: the QR code of a link leads to it, and its clicks count as scans")
  void qrCodes() throws Exception {
    var code = product.link("");
    var path = "/v1/links/%s/qr".formatted(code);
    var svg = product.ask("GET", path, "");
    assertThat(svg.headers().firstValue("content-type")).contains("image/svg+xml");
    assertThat(svg.body()).startsWith("<svg ").contains("width=\"320\"");

    var png = product.here.bytes(product.key, path + "?format=png&size=200");
    var image = ImageIO.read(new ByteArrayInputStream(png));
    assertThat(image.getWidth()).isEqualTo(200);
    var url = "http://localhost:%d/%s?qr=1".formatted(product.here.port, code);
    assertThat(modules(image)).isEqualTo(modules(QrCode.encodeText(url, QrCode.Ecc.MEDIUM)));

    product.follow(code + "?qr=1", "198.51.100.1");
    eventually("the scan is counted").until(() -> product.rollupClicks(code).total() == 1);
    var scans =
        product.get(
            "/v1/links/%s/analytics?interval=1h&bucket=total&metrics=scans".formatted(code));
    assertThat(scans.at("/totals/scans").intValue()).isEqualTo(1);
    assertThat(product.ask("GET", path + "?format=gif", "").statusCode()).isEqualTo(400);
  }

  /** Reads the dark modules: the first dark pixel is the corner of a finder pattern. */
  private static List<String> modules(BufferedImage image) {
    var first = 0;
    while (image.getRGB(first, first) != 0xff000000) {
      first++;
    }
    var seven = first;
    while (image.getRGB(seven, first) == 0xff000000) {
      seven++;
    }
    var side = (seven - first) / 7;
    var count = (image.getWidth() - 2 * first + side / 2) / side;
    var rows = new ArrayList<String>();
    for (var y = 0; y < count; y++) {
      var row = new StringBuilder();
      for (var x = 0; x < count; x++) {
        var isDark = image.getRGB(first + x * side, first + y * side) == 0xff000000;
        row.append(isDark ? '#' : ' ');
      }
      rows.add(row.toString());
    }
    return rows;
  }

  private static List<String> modules(QrCode code) {
    return IntStream.range(0, code.size)
        .mapToObj(
            y ->
                IntStream.range(0, code.size)
                    .mapToObj(x -> code.getModule(x, y) ? "#" : " ")
                    .collect(Collectors.joining()))
        .toList();
  }

  @Test
  @DisplayName("an invalid field is rejected with an error about it")
  void invalidFields() throws Exception {
    for (var field :
        new String[] {
          "\"title\": 7",
          "\"tags\": [\"a,b\"]",
          "\"tags\": [\"\"]",
          "\"title\": \"a\\u001b[2J\"",
          "\"title\": \"a\\u009b2J\"",
          "\"title\": \"a\\u202eb\"",
          "\"tags\": [\"a\\u2066b\"]",
          "\"tags\": [\"a\\nb\"]",
          "\"externalId\": \" \"",
          "\"clickLimit\": 0",
          "\"clickLimit\": \"many\"",
          "\"forwardQuery\": 1",
          "\"campaign\": \"may\"",
          "\"campaign\": {\"colour\": \"red\"}"
        }) {
      var body = "{\"destination\": \"https://example.com/\", %s}".formatted(field);
      var answer = product.ask("POST", "/v1/links", body);
      assertThat(answer.statusCode()).as(body).isEqualTo(422);
      assertThat(answer.body()).contains("\"errors\"");
    }
    assertThat(product.ask("GET", "/v1/links?state=deleted", "").statusCode()).isEqualTo(400);
    assertThat(product.ask("GET", "/v1/external-links/nobody", "").statusCode()).isEqualTo(404);
  }

  @Test
  @DisplayName("calls with the same Idempotency-Key create one link, even at the same time")
  void idempotency() throws Exception {
    var body = "{\"destination\": \"https://example.com/once\"}";
    var made = new ArrayList<Future<String>>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var i = 0; i < 10; i++) {
        made.add(
            threads.submit(
                () -> RunningProduct.read(once("a key", body)).path("code").textValue()));
      }
    }
    var codes = new TreeSet<String>();
    for (var one : made) {
      codes.add(one.get());
    }
    assertThat(codes).hasSize(1);
    var again = once("a key", body);
    assertThat(again.statusCode()).isEqualTo(201);
    assertThat(again.headers().firstValue("idempotency-replayed")).contains("true");
    assertThat(once("a key", body.replace("once", "twice")).statusCode()).isEqualTo(422);
    assertThat(once("another", body).headers().firstValue("idempotency-replayed")).isEmpty();

    var taken =
        "{\"destination\": \"https://example.com/\", \"code\": \"%s\"}".formatted(codes.first());
    assertThat(once("failed", taken).statusCode()).isEqualTo(409); // no link was created
    assertThat(once("failed", body).statusCode()).isEqualTo(201);
    assertThat(once("x".repeat(256), body).statusCode()).isEqualTo(400);

    var keys = "/v1/owners/%s/keys".formatted(product.owner);
    var before = product.get(keys).path("keys").size();
    for (var status : new int[] {201, 409}) {
      var key =
          product.ask("POST", keys, "{\"name\": \"once\"}", "Idempotency-Key", "a key of keys");
      assertThat(key.statusCode()).as(key.body()).isEqualTo(status);
    }
    assertThat(product.get(keys).path("keys")).hasSize(before + 1);
  }

  private static HttpResponse<String> once(String key, String body) throws Exception {
    return product.ask("POST", "/v1/links", body, "Idempotency-Key", key);
  }
}
