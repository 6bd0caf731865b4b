package clicktide.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("Invalid requests")
@Timeout(120)
class InvalidRequestsTest {
  private static final String BATCH = "/internal/click-events/batch";

  @RegisterExtension static final RunningProduct product = new RunningProduct();

  @ParameterizedTest(name = "{0} {1} {2} is {3} {4}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "POST  | /v1/links | {\"destination\":\"javascript:alert(1)\"} | 422 | scheme_not_allowed",
        "POST  | /v1/links | {\"destination\":\"http://169.254.169.254/\"} | 422 | destination_private",
        "POST  | /v1/links | {\"destination\":\"http://localhost:8080/x\"} | 422 | destination_is_ours",
        "POST  | /v1/links | {\"destination\":\"https://example.com\",\"clicks\":5} | 422 | unknown_field",
        "POST  | /v1/links | {\"destination\":\"https://example.com\",\"code\":\"a b\"} | 422 | invalid_code",
        "POST  | /v1/links | {\"destination\":\"https://example.com\",\"redirectStatus\":200} | 422 | invalid_status",
        "POST  | /v1/links | {\"destination\":\"https://example.com\",\"ownerId\":\"own_1\"} | 422 | not_yours",
        "POST  | /v1/links | {} | 422 | missing_field",
        "POST  | /v1/links | {\"destination\": | 400 | malformed_json",
        "POST  | /v1/links | [] | 422 | not_an_object",
        "POST  | /v1/owners | {\"name\":\"x\"} | 403 | forbidden",
        "GET   | /v1/links/nobody | `` | 404 | not_found",
        "GET   | /v1/links/nobody/analytics | `` | 404 | not_found",
        "GET   | /v1/nothing | `` | 404 | not_found",
        "PUT   | /v1/links/nobody | `` | 405 | method_not_allowed",
        "GET   | /v1/owners/own_1/analytics/top-links | `` | 404 | not_found",
        "GET   | /v1/links?limit=0 | `` | 400 | invalid_parameter",
        "GET   | /v1/links?limit=1&limit=2 | `` | 400 | invalid_parameter",
        "GET   | /v1/links?limit=%25zz | `` | 400 | invalid_parameter",
        "GET   | /v1/links?cursor=%00 | `` | 400 | invalid_parameter",
        "POST  | /v1/links | {\"destination\":null} | 422 | missing_field",
        "POST  | /v1/links | {\"destination\":\"https://example.com\",\"startsAt\":\"+999999999-01-01T00:00:00Z\"} | 422 | invalid_time",
        "GET   | /v1/links?colour=red | `` | 400 | unknown_parameter",
        "POST  | /internal/click-events/batch | {\"events\":[]} | 422 | no_events",
        "POST  | /internal/click-events/batch | {} | 422 | no_events",
        "POST  | /internal/click-events/batch | {\"events\":[],\"events\":[]} | 400 | malformed_json"
      })
  @DisplayName("an invalid request is answered with a problem that has a code and a request ID")
  void problems(String method, String path, String body, int status, String code) throws Exception {
    var response = product.here.api(product.key, method, path, body);

    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    assertThat(response.headers().firstValue("content-type")).contains("application/problem+json");
    var problem = RunningProduct.json(response);
    assertThat(problem.path("code").textValue()).isEqualTo(code);
    assertThat(problem.path("requestId").textValue()).isNotEmpty();
  }

  private static int statusOfBatch(String body, String... headers) throws Exception {
    return product.here.api(product.key, "POST", BATCH, body, headers).statusCode();
  }

  @Test
  @DisplayName("B4: batches of events have limits, and an unknown content type is 415")
  void batchesHaveLimits() throws Exception {
    assertThat(statusOfBatch("{\"events\":[\"%s\"]}".formatted("x".repeat(1_100_000))))
        .isEqualTo(413);
    assertThat(statusOfBatch("{\"events\":[%s0]}".formatted("0,".repeat(1_000)))).isEqualTo(413);
    assertThat(statusOfBatch("{}", "Content-Type", "text/plain")).isEqualTo(415);
    assertThat(statusOfBatch("{}", "Content-Encoding", "br")).isEqualTo(415);
    assertThat(statusOfBatch("{}", "Content-Encoding", "gzip")).isEqualTo(400);
    var allInvalid = product.here.api(product.key, "POST", BATCH, "{\"events\":[1,{}]}");
    assertThat(allInvalid.statusCode()).isEqualTo(202);
    assertThat(RunningProduct.json(allInvalid).at("/errors/1/index").intValue()).isEqualTo(1);
  }
}
