package clicktide.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("What counts, and as what")
@Timeout(120)
class WhatCountsTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String FIREFOX =
      "Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0";

  @TempDir static Path data;
  private static Installation here;
  private static Main product;
  private static String me;
  private static String owner;

  @BeforeAll
  static void start() throws Exception {
    here = new Installation(data);
    product = Main.start(here.settings(), Clock.systemUTC());
    me = here.key("owner");
    owner = get("/v1/me").path("ownerId").textValue();
  }

  @AfterAll
  static void stop() {
    product.close();
  }

  private static JsonNode read(HttpResponse<String> answer) throws IOException {
    assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 299);
    return JSON.readTree(answer.body());
  }

  private static JsonNode get(String path) throws Exception {
    return read(here.api(me, "GET", path, ""));
  }

  private static JsonNode send(String method, String path, String body) throws Exception {
    return read(here.api(me, method, path, body, "Content-Type", "application/json"));
  }

  private static String link(String more) throws Exception {
    var body = "{\"destination\": \"https://example.com/\"%s}".formatted(more);
    return send("POST", "/v1/links", body).path("code").textValue();
  }

  private static JsonNode clicks(String code, String query) throws Exception {
    return get("/v1/links/%s/analytics?interval=1h&%s".formatted(code, query)).at("/totals/clicks");
  }

  private static void await(Callable<Boolean> isSo) throws Exception {
    while (!isSo.call()) {
      TimeUnit.MILLISECONDS.sleep(50); // the deadline is the test's
    }
  }

  private static void visit(String code, String address) throws Exception {
    assertThat(here.follow(code, "User-Agent", FIREFOX, "X-Forwarded-For", address).statusCode())
        .isEqualTo(302);
  }

  @Test
  @DisplayName("C11: clicks that come too fast from one address move to machines in both stores")
  void clicksThatComeTooFast() throws Exception {
    var code = link("");
    var at = Instant.now().minusSeconds(100);
    var events = new ArrayList<String>();
    for (var i = 0; i < 400; i++) {
      events.add(
          "{\"eventId\": \"fast-%d\", \"shortCode\": \"%s\", \"eventTime\": \"%s\", \"ip\": \"198.51.100.9\", \"userAgent\": \"%s\"}"
              .formatted(i, code, at, FIREFOX));
    }
    var batch = "{\"events\": [%s]}".formatted(String.join(", ", events));
    send("POST", "/internal/click-events/batch", batch);

    for (var bucket : new String[] {"bucket=minute", "bucket=total"}) {
      await(() -> clicks(code, bucket).path("bot").intValue() == 250);
      assertThat(clicks(code, bucket).path("total").intValue()).isEqualTo(400);
      assertThat(clicks(code, bucket).path("human").intValue()).isEqualTo(150);
    }
    var byClass =
        get("/v1/links/%s/analytics?interval=1h&bucket=total&dimensions=bot".formatted(code));
    assertThat(byClass.path("series").toString())
        .contains("\"bot\":\"rate\",\"clicks\":250")
        .contains("\"bot\":\"\",\"clicks\":150");
  }

  @Test
  @DisplayName("C11: own networks and tracking levels decide what is counted; the ledger adds up")
  void ownNetworksAndTracking() throws Exception {
    var full = link("");
    var counts = link(", \"tracking\": \"counts\"");
    var off = link(", \"tracking\": \"off\"");
    var changed = send("PATCH", "/v1/owners/" + owner, "{\"ownNetworks\": [\"203.0.113.0/24\"]}");
    assertThat(changed.path("ownNetworks").toString()).isEqualTo("[\"203.0.113.0/24\"]");
    await(
        () -> { // every node knows it within two seconds
          visit(full, "203.0.113.5");
          var ledger = get("/v1/links/%s/ledger?interval=1h".formatted(full));
          return ledger.at("/filtered/own_traffic").intValue() > 0;
        });
    for (var code : new String[] {full, counts, off}) {
      visit(code, "198.51.100.1");
    }

    await(() -> clicks(counts, "bucket=minute").path("total").intValue() == 1);
    await(() -> clicks(counts, "bucket=total").path("total").intValue() == 1);
    var shown =
        get(
            "/v1/links/%s/analytics?interval=1h&bucket=total&dimensions=browser,country&metrics=clicks,uniqueVisitors"
                .formatted(counts));
    assertThat(shown.path("series").get(0).path("browser").textValue()).isEmpty();
    assertThat(shown.at("/totals/uniqueVisitors/estimate").intValue()).isZero();
    await(
        () ->
            get("/v1/links/%s/ledger?interval=1h".formatted(off)).path("received").intValue() == 1);
    var ledger = get("/v1/links/%s/ledger?interval=1h".formatted(off));
    assertThat(ledger.at("/filtered/tracking_off").intValue()).isEqualTo(1);
    assertThat(ledger.path("counted").intValue()).isZero();
    assertThat(clicks(off, "bucket=minute").path("total").intValue()).isZero();
    assertThat(
            send("PATCH", "/v1/links/" + off, "{\"tracking\": \"full\"}")
                .path("tracking")
                .textValue())
        .isEqualTo("full");
    send("PATCH", "/v1/owners/" + owner, "{\"ownNetworks\": []}");
  }

  @Test
  @DisplayName("what an owner wants wrongly is refused with what is wrong")
  void wrongWishesAreRefused() throws Exception {
    for (var body :
        new String[] {
          "{\"ownNetworks\": [\"203.0.113.0/99\"]}",
          "{\"ownNetworks\": \"203.0.113.0/24\"}",
          "{\"ownNetworks\": [7]}",
          "{\"name\": \"\"}",
          "{\"colour\": \"red\"}"
        }) {
      var answer =
          here.api(me, "PATCH", "/v1/owners/" + owner, body, "Content-Type", "application/json");
      assertThat(answer.statusCode()).as(body).isEqualTo(422);
    }
    var wrong = "{\"destination\": \"https://example.com/\", \"tracking\": \"some\"}";
    assertThat(here.api(me, "POST", "/v1/links", wrong, "Content-Type", "application/json").body())
        .contains("invalid_tracking");
    assertThat(here.api(me, "GET", "/v1/owners/1", "").statusCode()).isEqualTo(404);
  }

  @Test
  @DisplayName("C9: the top links of the last hour come from the live counts")
  void theTopOfTheHour() throws Exception {
    var code = link("");
    for (var i = 0; i < 3; i++) {
      visit(code, "198.51.100." + (10 + i));
    }
    var path = "/v1/owners/%s/analytics/top-links?interval=1h&limit=1000".formatted(owner);
    var row = "{\"code\":\"%s\",\"clicks\":3,\"human\":3,\"bot\":0}".formatted(code);
    await(
        () -> { // until the live counts have caught up after the start, the rollups answer
          var top = get(path);
          return top.at("/meta/source").textValue().equals("live")
              && top.path("links").toString().contains(row);
        });

    visit(code, "198.51.100.20");
    await(() -> get(path).path("links").toString().contains("\"%s\",\"clicks\":4".formatted(code)));
  }
}
