package clicktide.deploy;

import static clicktide.time.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import clicktide.deploy.RunningProduct.Clicks;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@DisplayName("C11: which clicks count, and as human or bot")
@Timeout(120)
class CountingRulesTest {
  @RegisterExtension static final RunningProduct product = new RunningProduct();

  private static void click(String code, String address) throws Exception {
    assertThat(product.follow(code, address).statusCode()).isEqualTo(302);
  }

  @Test
  @DisplayName(
      "clicks above the rate limit of an address are moved from human to bot in both stores")
  void clicksAboveTheRateLimit() throws Exception {
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
      eventually("250 clicks are bot traffic")
          .until(() -> product.clicks(code, bucket).bot() == 250);
      assertThat(product.clicks(code, bucket)).isEqualTo(new Clicks(400, 150, 250));
    }
    var byClass = product.analytics(code, "interval=1h&bucket=total&dimensions=bot");
    assertThat(byClass.path("series").toString())
        .contains("\"bot\":\"rate\",\"clicks\":250")
        .contains("\"bot\":\"\",\"clicks\":150");
  }

  @Test
  @DisplayName("own networks and the tracking level decide what is counted; the ledger balances")
  void ownNetworksAndTracking() throws Exception {
    var full = product.link("");
    var counts = product.link(", \"tracking\": \"counts\"");
    var off = product.link(", \"tracking\": \"off\"");
    var changed =
        product.send(
            "PATCH", "/v1/owners/" + product.owner, "{\"ownNetworks\": [\"203.0.113.0/24\"]}");
    assertThat(changed.path("ownNetworks").toString()).isEqualTo("[\"203.0.113.0/24\"]");
    eventually("the redirect knows the owner's network")
        .until(
            () -> {
              click(full, "203.0.113.5");
              return ledger(full).at("/filtered/own_traffic").intValue() > 0;
            });
    for (var code : new String[] {full, counts, off}) {
      click(code, "198.51.100.1");
    }

    eventually("the live counts have the click")
        .until(() -> product.liveClicks(counts).total() == 1);
    eventually("the rollups have the click").until(() -> product.rollupClicks(counts).total() == 1);
    var shown =
        product.analytics(
            counts,
            "interval=1h&bucket=total&dimensions=browser,country&metrics=clicks,uniqueVisitors");
    assertThat(shown.path("series").get(0).path("browser").textValue()).isEmpty();
    assertThat(shown.at("/totals/uniqueVisitors/estimate").intValue()).isZero();
    eventually("the ledger has the click")
        .until(() -> ledger(off).path("received").intValue() == 1);
    var ledger = ledger(off);
    assertThat(ledger.at("/filtered/tracking_off").intValue()).isEqualTo(1);
    assertThat(ledger.path("counted").intValue()).isZero();
    assertThat(product.liveClicks(off).total()).isZero();
    var again = product.send("PATCH", "/v1/links/" + off, "{\"tracking\": \"full\"}");
    assertThat(again.path("tracking").textValue()).isEqualTo("full");
    product.send("PATCH", "/v1/owners/" + product.owner, "{\"ownNetworks\": []}");
  }

  private static JsonNode ledger(String code) throws Exception {
    return product.get("/v1/links/%s/ledger?interval=1h".formatted(code));
  }

  @Test
  @DisplayName("an invalid setting of an owner or a link is rejected")
  void invalidSettings() throws Exception {
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
      click(code, "198.51.100." + (10 + i));
    }
    var path = "/v1/owners/%s/analytics/top-links?interval=1h&limit=1000".formatted(product.owner);
    var row = "{\"code\":\"%s\",\"clicks\":3,\"human\":3,\"bot\":0}".formatted(code);
    eventually("the live counts have 3 clicks") // the rollups are read until they catch up
        .until(
            () -> {
              var top = product.get(path);
              return top.at("/meta/source").textValue().equals("live")
                  && top.path("links").toString().contains(row);
            });

    click(code, "198.51.100.20");
    var more = "\"%s\",\"clicks\":4".formatted(code);
    eventually("the live counts have the fourth click")
        .until(() -> product.get(path).path("links").toString().contains(more));
  }
}
