package clicktide.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@DisplayName("What counts, and as what")
@Timeout(120)
class WhatCountsTest {
  @RegisterExtension static final RunningProduct product = new RunningProduct();

  private static void visit(String code, String address) throws Exception {
    assertThat(product.follow(code, address).statusCode()).isEqualTo(302);
  }

  @Test
  @DisplayName("C11: clicks that come too fast from one address move to machines in both stores")
  void clicksThatComeTooFast() throws Exception {
    var code = product.link("");
    var at = Instant.now().minusSeconds(100);
    var events = new ArrayList<String>();
    for (var i = 0; i < 400; i++) {
      events.add(
          "{\"eventId\": \"fast-%d\", \"shortCode\": \"%s\", \"eventTime\": \"%s\", \"ip\": \"198.51.100.9\", \"userAgent\": \"%s\"}"
              .formatted(i, code, at, RunningProduct.userAgent()));
    }
    var batch = "{\"events\": [%s]}".formatted(String.join(", ", events));
    product.send("POST", "/internal/click-events/batch", batch);

    for (var bucket : new String[] {"bucket=minute", "bucket=total"}) {
      RunningProduct.await(() -> product.clicks(code, bucket).path("bot").intValue() == 250);
      assertThat(product.clicks(code, bucket).path("total").intValue()).isEqualTo(400);
      assertThat(product.clicks(code, bucket).path("human").intValue()).isEqualTo(150);
    }
    var byClass =
        product.get(
            "/v1/links/%s/analytics?interval=1h&bucket=total&dimensions=bot".formatted(code));
    assertThat(byClass.path("series").toString())
        .contains("\"bot\":\"rate\",\"clicks\":250")
        .contains("\"bot\":\"\",\"clicks\":150");
  }

  @Test
  @DisplayName("C11: own networks and tracking levels decide what is counted; the ledger adds up")
  void ownNetworksAndTracking() throws Exception {
    var full = product.link("");
    var counts = product.link(", \"tracking\": \"counts\"");
    var off = product.link(", \"tracking\": \"off\"");
    var changed =
        product.send(
            "PATCH", "/v1/owners/" + product.owner, "{\"ownNetworks\": [\"203.0.113.0/24\"]}");
    assertThat(changed.path("ownNetworks").toString()).isEqualTo("[\"203.0.113.0/24\"]");
    RunningProduct.await(
        () -> { // every node knows it within two seconds
          visit(full, "203.0.113.5");
          var ledger = product.get("/v1/links/%s/ledger?interval=1h".formatted(full));
          return ledger.at("/filtered/own_traffic").intValue() > 0;
        });
    for (var code : new String[] {full, counts, off}) {
      visit(code, "198.51.100.1");
    }

    RunningProduct.await(
        () -> product.clicks(counts, "bucket=minute").path("total").intValue() == 1);
    RunningProduct.await(
        () -> product.clicks(counts, "bucket=total").path("total").intValue() == 1);
    var shown =
        product.get(
            "/v1/links/%s/analytics?interval=1h&bucket=total&dimensions=browser,country&metrics=clicks,uniqueVisitors"
                .formatted(counts));
    assertThat(shown.path("series").get(0).path("browser").textValue()).isEmpty();
    assertThat(shown.at("/totals/uniqueVisitors/estimate").intValue()).isZero();
    RunningProduct.await(
        () ->
            product
                    .get("/v1/links/%s/ledger?interval=1h".formatted(off))
                    .path("received")
                    .intValue()
                == 1);
    var ledger = product.get("/v1/links/%s/ledger?interval=1h".formatted(off));
    assertThat(ledger.at("/filtered/tracking_off").intValue()).isEqualTo(1);
    assertThat(ledger.path("counted").intValue()).isZero();
    assertThat(product.clicks(off, "bucket=minute").path("total").intValue()).isZero();
    assertThat(
            product
                .send("PATCH", "/v1/links/" + off, "{\"tracking\": \"full\"}")
                .path("tracking")
                .textValue())
        .isEqualTo("full");
    product.send("PATCH", "/v1/owners/" + product.owner, "{\"ownNetworks\": []}");
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
      var answer = product.ask("PATCH", "/v1/owners/" + product.owner, body);
      assertThat(answer.statusCode()).as(body).isEqualTo(422);
    }
    var wrong = "{\"destination\": \"https://example.com/\", \"tracking\": \"some\"}";
    assertThat(product.ask("POST", "/v1/links", wrong).body()).contains("invalid_tracking");
    assertThat(product.ask("GET", "/v1/owners/1", "").statusCode()).isEqualTo(404);
  }

  @Test
  @DisplayName("C9: the top links of the last hour come from the live counts")
  void theTopOfTheHour() throws Exception {
    var code = product.link("");
    for (var i = 0; i < 3; i++) {
      visit(code, "198.51.100." + (10 + i));
    }
    var path = "/v1/owners/%s/analytics/top-links?interval=1h&limit=1000".formatted(product.owner);
    var row = "{\"code\":\"%s\",\"clicks\":3,\"human\":3,\"bot\":0}".formatted(code);
    RunningProduct.await(
        () -> { // until the live counts have caught up after the start, the rollups answer
          var top = product.get(path);
          return top.at("/meta/source").textValue().equals("live")
              && top.path("links").toString().contains(row);
        });

    visit(code, "198.51.100.20");
    RunningProduct.await(
        () ->
            product
                .get(path)
                .path("links")
                .toString()
                .contains("\"%s\",\"clicks\":4".formatted(code)));
  }
}
