package clicktide.http;

import static org.assertj.core.api.Assertions.assertThat;

import clicktide.net.ClientAddress;
import clicktide.net.Network;
import clicktide.store.Owners.Scope;
import clicktide.time.TimeSource;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxException;
import io.vertx.ext.web.Router;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("E10, E12: calls without a key")
@Timeout(30)
class IdentificationTest {
  private static final String PUBLIC = "/v1/public/links/%s/analytics";
  private static final int LIMIT = 20; // calls of a network per minute

  private final Vertx vertx = Vertx.vertx();
  private final HttpClient client = HttpClient.newHttpClient();
  private final SlowEndpoint slow = new SlowEndpoint();
  private Api api;
  private int port;

  @BeforeEach
  void listen() {
    var time = TimeSource.system();
    api =
        new Api(
            Router.router(vertx),
            new Access(new BusyOwners(), "the-administrator's-key-of-this-test", time),
            new RateLimits(LIMIT, new SharedWindows(Optional.empty(), time)),
            new ClientAddress(Network.parse("127.0.0.0/8").stream().toList()),
            Contract.load(),
            new Random(1));
    port = vertx.createHttpServer().requestHandler(api.router()).listen(0).await().actualPort();
  }

  /** A store whose connections are all in use. */
  private static final class BusyOwners extends NoOwners {
    @Override
    public Future<Optional<Key>> key(String prefix) {
      return Future.failedFuture(VertxException.noStackTrace("Timeout waiting for connection"));
    }
  }

  @AfterEach
  void close() {
    slow.end();
    client.close();
    vertx.close().await();
  }

  private CompletableFuture<HttpResponse<String>> askFrom(String address, String target) {
    var uri = URI.create("http://127.0.0.1:%d%s".formatted(port, target));
    var request = HttpRequest.newBuilder(uri).header("X-Forwarded-For", address).build();
    return client.sendAsync(request, BodyHandlers.ofString());
  }

  @Test
  @DisplayName("are limited by network: another network is answered")
  void areLimitedByNetwork() throws Exception {
    api.open(PUBLIC.replace("%s", ":code"), _ -> ApiResponse.ok(Map.of()));
    for (var i = 0; i < LIMIT; i++) {
      assertThat(askFrom("198.51.100.1", PUBLIC.formatted("a")).get().statusCode()).isEqualTo(200);
    }

    var refused = askFrom("198.51.100.2", PUBLIC.formatted("b")).get();
    assertThat(refused.statusCode()).isEqualTo(429);
    assertThat(refused.headers().firstValueAsLong("retry-after").orElseThrow()).isPositive();
    assertThat(askFrom("203.0.113.1", PUBLIC.formatted("a")).get().statusCode()).isEqualTo(200);
  }

  @Test
  @DisplayName("that are under way leave room for other networks")
  void underWayLeaveRoomForOtherNetworks() throws Exception {
    api.open(PUBLIC.replace("%s", ":code"), slow);
    var answers = new ArrayList<CompletableFuture<HttpResponse<String>>>();
    for (var i = 0; i < Identification.MAX_CALLS_PER_NETWORK; i++) {
      answers.add(askFrom("198.51.100." + i, PUBLIC.formatted("a")));
    }
    assertThat(slow.hasBegun(answers.size())).isTrue();

    assertThat(askFrom("198.51.100.9", PUBLIC.formatted("a")).get().statusCode()).isEqualTo(429);
    var other = askFrom("203.0.113.1", PUBLIC.formatted("a"));
    assertThat(slow.hasBegun(1)).isTrue();
    slow.end();
    assertThat(other.get().statusCode()).isEqualTo(200);
  }

  @Test
  @DisplayName("with a key are answered with 503 while the store of the keys does not answer")
  void withAKeyAreUnavailableWithTheStore() throws Exception {
    api.get("/v1/links", Scope.LINKS_READ, _ -> ApiResponse.ok(Map.of()));
    var uri = URI.create("http://127.0.0.1:%d/v1/links".formatted(port));
    var key = "Bearer " + ApiKey.random(new Random(1)).text();
    var request = HttpRequest.newBuilder(uri).header("Authorization", key).build();

    var answer = client.send(request, BodyHandlers.ofString());

    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.headers().firstValueAsLong("retry-after").orElseThrow()).isPositive();
  }
}
