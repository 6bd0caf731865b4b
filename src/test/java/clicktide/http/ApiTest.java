package clicktide.http;

import static org.assertj.core.api.Assertions.assertThat;

import clicktide.store.Owners.Scope;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("G18: calls of the API that come all at once")
@Timeout(30)
class ApiTest {
  private static final String KEY = "the-administrator's-key-of-this-test";

  private final Vertx vertx = Vertx.vertx();
  private final HttpClient client = HttpClient.newHttpClient();
  private final Semaphore entered = new Semaphore(0);
  private final CountDownLatch done = new CountDownLatch(1);
  private int port;

  @BeforeEach
  void listen() {
    var api =
        new Api(
            Router.router(vertx),
            new Access(new NoOwners(), KEY),
            new RateLimits(0, Instant::now),
            Contract.load());
    api.get("/v1/me", Scope.ANALYTICS_READ, this::slow);
    port = vertx.createHttpServer().requestHandler(api.router()).listen(0).await().actualPort();
  }

  @AfterEach
  void close() {
    done.countDown();
    client.close();
    vertx.close().await();
  }

  private ApiResponse slow(ApiRequest call) {
    entered.release();
    try {
      done.await();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    return ApiResponse.ok(Map.of("ok", true));
  }

  private CompletableFuture<HttpResponse<String>> ask() {
    var uri = URI.create("http://127.0.0.1:%d/v1/me".formatted(port));
    var request = HttpRequest.newBuilder(uri).header("Authorization", "Bearer " + KEY).build();
    return client.sendAsync(request, BodyHandlers.ofString());
  }

  @Test
  @DisplayName("are answered with 429 and Retry-After beyond a bound, and go on once others ended")
  void areBounded() throws Exception {
    var asked = new ArrayList<CompletableFuture<HttpResponse<String>>>();
    for (var i = 0; i < Api.MOST_CALLS_OF_ONE; i++) {
      asked.add(ask());
    }
    assertThat(entered.tryAcquire(Api.MOST_CALLS_OF_ONE, 20, TimeUnit.SECONDS)).isTrue();

    var refused = ask().get();
    assertThat(refused.statusCode()).isEqualTo(429);
    assertThat(refused.headers().firstValue("retry-after")).contains("1");

    done.countDown();
    for (var one : List.copyOf(asked)) {
      assertThat(one.get().statusCode()).isEqualTo(200);
    }
    assertThat(ask().get().statusCode()).isEqualTo(200);
  }
}
