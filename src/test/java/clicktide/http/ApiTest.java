package clicktide.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import clicktide.net.ClientAddress;
import clicktide.store.Owners.Scope;
import clicktide.time.TimeSource;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("G18: calls of the API that come all at once")
@Timeout(30)
class ApiTest {
  private static final String KEY = "the-administrator's-key-of-this-test";

  private static final TimeSource TIME = TimeSource.system();

  private final Vertx vertx = Vertx.vertx();
  private final HttpClient client = HttpClient.newHttpClient();
  private final SlowEndpoint slow = new SlowEndpoint();
  private Api api;
  private int port;

  @BeforeEach
  void listen() {
    api =
        new Api(
            Router.router(vertx),
            new Access(new NoOwners(), KEY, TIME),
            new RateLimits(0, new SharedWindows(Optional.empty(), TIME)),
            new ClientAddress(List.of()),
            Contract.load(),
            new Random(1));
    api.get("/v1/me", Scope.ANALYTICS_READ, slow);
    port = vertx.createHttpServer().requestHandler(api.router()).listen(0).await().actualPort();
  }

  @AfterEach
  void close() {
    slow.end();
    client.close();
    vertx.close().await();
  }

  private CompletableFuture<HttpResponse<String>> ask() {
    return ask("/v1/me");
  }

  private CompletableFuture<HttpResponse<String>> ask(String target) {
    return ask("GET", target);
  }

  private CompletableFuture<HttpResponse<String>> ask(String method, String target) {
    var uri = URI.create("http://127.0.0.1:%d%s".formatted(port, target));
    var request =
        HttpRequest.newBuilder(uri)
            .header("Authorization", "Bearer " + KEY)
            .method(method, BodyPublishers.noBody())
            .build();
    return client.sendAsync(request, BodyHandlers.ofString());
  }

  @Test
  @DisplayName("are answered with 429 and Retry-After beyond a bound, and go on once others ended")
  void areBounded() throws Exception {
    var asked = new ArrayList<CompletableFuture<HttpResponse<String>>>();
    for (var i = 0; i < Identification.MAX_CALLS_PER_CALLER; i++) {
      asked.add(ask());
    }
    assertThat(slow.hasBegun(Identification.MAX_CALLS_PER_CALLER)).isTrue();

    var refused = ask().get();
    assertThat(refused.statusCode()).isEqualTo(429);
    assertThat(refused.headers().firstValue("retry-after")).contains("1");

    slow.end();
    for (var one : List.copyOf(asked)) {
      assertThat(one.get().statusCode()).isEqualTo(200);
    }
    assertThat(ask().get().statusCode()).isEqualTo(200);
  }

  @Test
  @DisplayName("count as several calls where the route says so")
  void countAsSeveralCalls() throws Exception {
    var weight = Identification.MAX_CALLS_PER_CALLER / 2;
    api.post("/v1/imports/links", Scope.LINKS_WRITE, weight, slow);
    var first = ask("POST", "/v1/imports/links");
    var second = ask("POST", "/v1/imports/links");
    assertThat(slow.hasBegun(2)).isTrue();

    assertThat(ask().get().statusCode()).isEqualTo(429);

    slow.end();
    assertThat(first.get().statusCode()).isEqualTo(200);
    assertThat(second.get().statusCode()).isEqualTo(200);
    assertThat(ask().get().statusCode()).isEqualTo(200);
  }

  @Test
  @DisplayName("reach an endpoint as a request that holds nothing of the event loop (5.12)")
  void reachAnEndpointAsAnImmutableRequest() {
    assertThat(ApiRequest.class.getDeclaredFields())
        .allMatch(field -> Modifier.isFinal(field.getModifiers()))
        .extracting(Field::getType)
        .doesNotContain(RoutingContext.class, HttpServerRequest.class, MultiMap.class)
        .doesNotContain(Buffer.class);
  }

  @Test
  @DisplayName("that an endpoint breaks with an Error are answered, and their permit is given back")
  void areAnsweredAfterAnError() throws Exception {
    api.get("/v1/links", Scope.LINKS_READ, _ -> brokenEndpoint());
    for (var i = 0; i <= Identification.MAX_CALLS_PER_CALLER; i++) {
      assertThat(ask("/v1/links?limit=1").get().statusCode()).isEqualTo(500);
    }
  }

  private static ApiResponse brokenEndpoint() {
    throw new Error("of this test", null, false, false) {
      private static final long serialVersionUID = 1L;
    };
  }

  @Test
  @DisplayName("that an endpoint refuses for a while are answered with this while")
  void areRefusedForAWhile() throws Exception {
    api.get(
        "/v1/links",
        Scope.LINKS_READ,
        _ -> {
          throw Problem.tooMany("Of this test.", 42).raised();
        });

    var refused = ask("/v1/links").get();
    assertThat(refused.headers().firstValue("retry-after")).contains("42");
    assertThat(refused.body()).doesNotContain("retrySeconds");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "limit=1&limit=2 | invalid_parameter | `limit` may be given only once.",
        "limit=%2B5 | invalid_parameter | `limit` must be an integer from 1 to 10.",
        "limit=%D9%A3 | invalid_parameter | `limit` must be an integer from 1 to 10.",
        "cursor=%2B5 | invalid_parameter | `cursor` must be the cursor of a page of this list.",
        "cursor=%D9%A3 | invalid_parameter | `cursor` must be the cursor of a page of this list.",
        "limit=many | invalid_parameter | `limit` must be an integer from 1 to 10.",
        "q=%00 | invalid_parameter | `q` cannot contain control characters.",
        "cursor=! | invalid_parameter | `cursor` must be the cursor of a page of this list."
      })
  @DisplayName("with a wrong query are answered with 400 and a sentence that names the parameter")
  void withAWrongQueryAreRefused(String query, String code, String detail) throws Exception {
    api.get("/v1/links", Scope.LINKS_READ, ApiTest::list);

    var problem = Json.parse(ask("/v1/links?" + query).get().body().getBytes(UTF_8));
    assertThat(problem.path("status").asInt()).isEqualTo(400);
    assertThat(problem.path("code").asText()).isEqualTo(code);
    assertThat(problem.path("detail").asText()).isEqualTo(detail);
  }

  private static ApiResponse list(ApiRequest request) {
    return ApiResponse.ok(List.of(request.integer("limit", 5, 1, 10), request.position("cursor")));
  }
}
