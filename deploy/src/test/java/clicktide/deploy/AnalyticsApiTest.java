package clicktide.deploy;

import static clicktide.time.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import clicktide.deploy.RunningProduct.CollectedClick;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("The analytics API")
@Timeout(120)
class AnalyticsApiTest {
  @RegisterExtension static final RunningProduct product = new RunningProduct();

  private static int statusIfNoneMatch(String path, String etags) throws Exception {
    return product.ask("GET", path, "", "If-None-Match", etags).statusCode();
  }

  private String cacheControl(String path) throws Exception {
    return product.ask("GET", path, "").headers().firstValue("cache-control").orElseThrow();
  }

  private static String etag(HttpResponse<String> response) {
    return response.headers().firstValue("etag").orElseThrow();
  }

  @Test
  @DisplayName("E8: the ETag of a response stays the same while its counts do")
  void theEtagFollowsTheCounts() throws Exception {
    var code = product.link();
    var at = Instant.now().minus(Duration.ofDays(10)).truncatedTo(ChronoUnit.HOURS);
    var path =
        "/v1/links/%s/analytics?from=%s&to=%s&bucket=hour"
            .formatted(code, at.minusSeconds(86_400), at.plusSeconds(86_400));
    for (var n = 1; n <= 2; n++) {
      var clicks = n;
      product.collect(new CollectedClick("etag-" + code + n, code, at));
      eventually("%d clicks are counted".formatted(n))
          .until(() -> product.get(path).at("/totals/clicks/total").intValue() == clicks);
      eventually("every partition is past the period")
          .until(() -> cacheControl(path).equals("private, max-age=60"));
      var etag = etag(product.ask("GET", path, ""));

      var again = product.ask("GET", path, "", "If-None-Match", "\"other\", " + etag);
      assertThat(again.statusCode()).isEqualTo(304);
      assertThat(again.body()).isEmpty();
      assertThat(etag(again)).isEqualTo(etag);
      assertThat(statusIfNoneMatch(path, "W/\"0123456789abcdef\"")).isEqualTo(200);
    }
    var top =
        "/v1/owners/%s/analytics/top-links?from=%s&to=%s"
            .formatted(product.owner, at, at.plusSeconds(3_600));
    assertThat(statusIfNoneMatch(top, etag(product.ask("GET", top, "")))).isEqualTo(304);
    assertThat(cacheControl("/v1/links/%s/analytics?interval=24h".formatted(code)))
        .isEqualTo("private, no-cache");
  }

  @Test
  @DisplayName("E1: a period is compared with the period before it")
  void aPeriodIsCompared() throws Exception {
    var code = product.link();
    var midnight = Instant.now().truncatedTo(ChronoUnit.DAYS).minus(Duration.ofDays(20));
    product.collect(
        IntStream.of(-49, -47, -1, 0, 1, 47)
            .mapToObj(
                hours ->
                    new CollectedClick(
                        "compare" + code + hours, code, midnight.plus(Duration.ofHours(hours))))
            .toArray(CollectedClick[]::new));
    var query =
        "bucket=day&compare=previous&from=%s&to=%s"
            .formatted(midnight, midnight.plus(Duration.ofDays(2)));
    eventually("the 3 clicks of the period are counted")
        .until(() -> product.clicksIn(code, query).total() == 3);

    var previous = product.analytics(code, query).path("previous");

    assertThat(previous.path("from").textValue())
        .isEqualTo(midnight.minus(Duration.ofDays(2)).toString());
    assertThat(previous.path("to").textValue()).isEqualTo(midnight.toString());
    assertThat(previous.at("/totals/clicks/total").intValue()).isEqualTo(2);
    assertThat(previous.path("series")).hasSize(2);
    var unknown = "/v1/links/%s/analytics?compare=x".formatted(code);
    assertThat(product.status(product.key, "GET", unknown, "")).isEqualTo(400);
  }

  @ParameterizedTest
  @CsvSource({
    "tz=Mars/Base,400",
    "bucket=fortnight,400",
    "from=yesterday,400",
    "dimensions=colour,400",
    "metrics=love,400",
    "traffic=ufo,400",
    "interval=1h&from=2026-01-01T00:00:00Z,400",
    "limit=5000,400",
    "bucket=minute&interval=7d,422",
    "from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z,422",
    "interval=all,200",
    "from=2026-01-01T00:00:00%2B05:30&to=2026-01-02T00:00:00%2B05:30&tz=Asia/Kolkata&bucket=hour,200"
  })
  @DisplayName("E1: an invalid parameter is 400, a valid but impossible query is 422")
  void invalidQueries(String query, int status) throws Exception {
    var path = "/v1/links/%s/analytics?%s".formatted(product.link(), query);
    assertThat(product.status(product.key, "GET", path, "")).isEqualTo(status);
  }
}
