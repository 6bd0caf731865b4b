package clicktide.deploy;

import static clicktide.time.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@DisplayName("E10: public statistics of a link")
@Timeout(120)
class PublicStatsTest {
  @RegisterExtension static final RunningProduct product = new RunningProduct();

  private static String path(String code) {
    return "/v1/public/links/%s/analytics?interval=1h&bucket=total".formatted(code);
  }

  private static int status(String code, String password, String... more) throws Exception {
    var encoded =
        Base64.getEncoder()
            .encodeToString(("anybody:" + password).getBytes(StandardCharsets.UTF_8));
    var headers = new ArrayList<>(List.of("Authorization", "Basic " + encoded));
    headers.addAll(List.of(more));
    return product.here.api("", "GET", path(code), "", headers.toArray(String[]::new)).statusCode();
  }

  @Test
  @DisplayName(
      "they are not found until the owner publishes them, and again after the owner hides them")
  void published() throws Exception {
    var code = product.link("");
    product.follow(code, "198.51.100.1");
    var settings = "/v1/links/%s/public-stats".formatted(code);
    eventually("the click is counted").until(() -> product.rollupClicks(code).human() == 1);

    assertThat(product.get(settings).toString()).isEqualTo("{\"enabled\":false}");
    assertThat(product.here.api("", "GET", path(code), "").statusCode()).isEqualTo(404);
    var page = product.send("PUT", settings, "{}").path("page").textValue();
    var shown = RunningProduct.read(product.here.api("", "GET", path(code), ""));
    assertThat(shown.at("/totals/clicks/human").intValue()).isEqualTo(1);
    assertThat(product.here.api("", "GET", page, "").body()).contains("public.js");
    assertThat(product.here.api("", "GET", path(code) + "&metrics=uniqueVisitors", "").statusCode())
        .isEqualTo(400);
    product.ask("DELETE", settings, "");
    assertThat(product.here.api("", "GET", path(code), "").statusCode()).isEqualTo(404);
    var audit = product.get("/v1/owners/%s/audit".formatted(product.owner)).toString();
    assertThat(audit).contains("public_stats.created", "public_stats.changed");
  }

  @Test
  @DisplayName("a password is required, is never shown, and guesses of a network are limited")
  void passwords() throws Exception {
    var code = product.link("");
    var settings = "/v1/links/%s/public-stats".formatted(code);
    var kept = product.send("PUT", settings, "{\"password\": \"spring: tide\"}");
    assertThat(kept.path("hasPassword").booleanValue()).isTrue();
    assertThat(kept.toString()).doesNotContain("spring");

    var asked = product.here.api("", "GET", path(code), "");
    assertThat(asked.statusCode()).isEqualTo(401);
    assertThat(asked.headers().firstValue("www-authenticate")).get().asString().startsWith("Basic");
    assertThat(status(code, "spring: tide")).isEqualTo(200);
    product.send("PUT", settings, "{\"password\": \"another one\"}");
    assertThat(status(code, "spring: tide")).isEqualTo(401);
    assertThat(status(code, "another one")).isEqualTo(200);
    for (var i = 0; i < 9; i++) {
      assertThat(status(code, "guess " + i)).isEqualTo(401);
    }
    assertThat(status(code, "guess again")).isEqualTo(429);
    assertThat(status(code, "another one")).isEqualTo(200); // the right password still works
    assertThat(status(code, "another guess", "X-Forwarded-For", "203.0.113.7")).isEqualTo(401);
    for (var refused : List.of("short", " ".repeat(8), "  short   ")) {
      var body = "{\"password\": \"%s\"}".formatted(refused);
      assertThat(product.ask("PUT", settings, body).statusCode()).isEqualTo(422);
    }
    var audit = product.get("/v1/owners/%s/audit".formatted(product.owner)).toString();
    assertThat(audit).doesNotContain("210000$");
  }
}
