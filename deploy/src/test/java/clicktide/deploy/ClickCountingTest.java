package clicktide.deploy;

import static clicktide.time.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import clicktide.deploy.RunningProduct.Clicks;
import clicktide.deploy.RunningProduct.CollectedClick;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@DisplayName("Clicks are counted in Redis and in PostgreSQL")
@Timeout(120)
class ClickCountingTest {
  @RegisterExtension static final RunningProduct product = new RunningProduct();

  @Test
  @DisplayName(
      "a click is in the live counts, in the rollups and in every bucket, by human and bot")
  void aClickIsCounted() throws Exception {
    var code = product.link();
    product.here.follow(
        code,
        "User-Agent",
        RunningProduct.userAgent(),
        "X-Forwarded-For",
        "203.0.113.1",
        "Referer",
        "https://www.example.org/a");
    product.follow(code, "203.0.113.2");
    product.here.follow(
        code + "?utm_source=news", "User-Agent", "curl/8.5", "X-Forwarded-For", "203.0.113.1");

    eventually("the rollups have 3 clicks").until(() -> product.rollupClicks(code).total() == 3);
    eventually("the live counts have 3 clicks").until(() -> product.liveClicks(code).total() == 3);

    for (var bucket : List.of("minute", "quarter", "hour", "day", "week", "month", "total")) {
      var interval = bucket.equals("minute") ? "1h" : "7d";
      var query = "interval=%s&bucket=%s".formatted(interval, bucket);
      assertThat(product.clicksIn(code, query)).as(bucket).isEqualTo(new Clicks(3, 2, 1));
      var sum = 0;
      for (var row : product.analytics(code, query).path("series")) {
        sum += row.path("clicks").intValue();
        assertThat(row.path("isFinalized").booleanValue()).isFalse();
      }
      assertThat(sum).as(bucket).isEqualTo(3);
    }
    var visitors =
        product.analytics(
            code,
            "interval=24h&bucket=total&metrics=clicks,unique_visitors&dimensions=browser,referrer&tz=Asia/Kathmandu");
    assertThat(visitors.at("/totals/uniqueVisitors/estimate").intValue()).isEqualTo(2);
    assertThat(visitors.path("series")).hasSize(3);
    assertThat(visitors.path("series").toString())
        .contains("\"referrer\":\"example.org\"")
        .contains("+05:45");
    var bots = product.analytics(code, "interval=24h&bucket=total&source=news&traffic=bot");
    assertThat(bots.at("/series/0/clicks").intValue()).isEqualTo(1);
    var withoutNews = product.clicksIn(code, "interval=24h&bucket=total&source=-news");
    assertThat(withoutNews.total()).isEqualTo(2);
    var top =
        product.get(
            "/v1/owners/%s/analytics/top-links?interval=24h&limit=100".formatted(product.owner));
    assertThat(top.path("links").toString())
        .contains("{\"code\":\"%s\",\"clicks\":3".formatted(code));
  }

  @Test
  @DisplayName("C3: an event ID that is sent again counts once, in the live counts and the rollups")
  void anIdCountsOnce() throws Exception {
    var code = product.link();
    var now = Instant.now();
    var batch =
        List.of(
            new CollectedClick("a", code, now),
            new CollectedClick("b", code, now),
            new CollectedClick("a", code, now));
    for (var i = 0; i < 3; i++) {
      var response = product.collectAs(product.key, batch);
      assertThat(response.statusCode()).isEqualTo(202);
      assertThat(RunningProduct.json(response).path("accepted").intValue()).isEqualTo(3);
    }
    awaitLaterClick();
    assertThat(product.rollupClicks(code).total()).isEqualTo(2);
    assertThat(product.liveClicks(code).total()).isEqualTo(2);

    var foreign = product.collectAs(product.newOwner("Ada").key(), batch);
    assertThat(RunningProduct.json(foreign).path("rejected").intValue()).isEqualTo(3);
    assertThat(foreign.body()).contains("unknown_link");
  }

  /** Waits until a click that is newer than all others is counted, so nothing is under way. */
  private static void awaitLaterClick() throws Exception {
    var marker = product.link();
    var before = Instant.now();
    product.here.follow(marker);
    for (var bucket : List.of("total", "minute")) {
      eventually("clicks by %s are fresh".formatted(bucket))
          .until(
              () -> {
                var analytics = product.analytics(marker, "interval=1h&bucket=" + bucket);
                return Instant.parse(analytics.path("freshThrough").textValue()).isAfter(before);
              });
    }
  }

  @Test
  @DisplayName("G19: the newest clicks are listed without address and user agent")
  void theNewestClicksAreListed() throws Exception {
    var code = product.link();
    product.follow(code + "?utm_source=a", "203.0.113.77");
    product.follow(code + "?utm_source=b", "203.0.113.77");
    var path = "/v1/links/%s/events".formatted(code);
    eventually("both clicks are listed").until(() -> product.get(path).path("events").size() == 2);

    var response = product.ask("GET", path, "");

    var newest = RunningProduct.read(response).at("/events/0");
    assertThat(newest.path("source").textValue()).isEqualTo("b");
    assertThat(newest.path("browser").textValue()).isEqualTo("Firefox");
    assertThat(newest.path("code").textValue()).isEqualTo(code);
    assertThat(newest.path("traffic").textValue()).isEqualTo("human");
    assertThat(response.body()).doesNotContain("203.0.113.77").doesNotContain("Gecko");
    var ofOwner = "/v1/owners/%s/events?limit=1000".formatted(product.owner);
    assertThat(product.ask("GET", ofOwner, "").body()).contains(code);
    assertThat(product.status(product.newOwner("Ada").key(), "GET", path, "")).isEqualTo(404);
    assertThat(product.status(product.key, "GET", path + "?limit=101", "")).isEqualTo(400);
  }

  @Test
  @DisplayName("rule 6: the ledgers of a link and of its owner balance")
  void theLedgersBalance() throws Exception {
    var account = product.newOwner("Ada");
    var body = "{\"destination\": \"https://example.com/\"}";
    var created = RunningProduct.read(product.askAs(account.key(), "POST", "/v1/links", body));
    var code = created.path("code").textValue();
    for (var i = 0; i < 5; i++) {
      assertThat(product.here.follow(code).statusCode()).isEqualTo(302);
    }
    for (var path : List.of("/v1/links/" + code, "/v1/owners/" + account.id())) {
      eventually("5 clicks are in the ledger of " + path)
          .until(
              () ->
                  RunningProduct.read(product.askAs(account.key(), "GET", path + "/ledger", ""))
                          .path("counted")
                          .intValue()
                      >= 5);
      var ledger = RunningProduct.read(product.askAs(account.key(), "GET", path + "/ledger", ""));
      var sum = 0L;
      for (var part : List.of("counted", "duplicate", "late", "rejected", "shed", "underWay")) {
        sum += ledger.path(part).longValue();
      }
      assertThat(ledger.path("received").longValue()).as("%s", ledger).isEqualTo(sum);
      assertThat(ledger.path("filtered").isObject()).isTrue();
    }
    assertThat(product.status(product.key, "GET", "/v1/links/" + code + "/ledger", ""))
        .isEqualTo(404);
  }
}
