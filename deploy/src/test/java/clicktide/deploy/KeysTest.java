package clicktide.deploy;

import static clicktide.deploy.RunningProduct.await;
import static clicktide.deploy.RunningProduct.read;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.http.WebSocket;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@DisplayName("E10: keys of an owner")
@Timeout(120)
class KeysTest {
  @RegisterExtension static final RunningProduct product = new RunningProduct();
  private static String keys;

  @BeforeAll
  static void start() throws Exception {
    keys = "/v1/owners/%s/keys".formatted(product.owner);
  }

  private static JsonNode make(String more) throws Exception {
    return product.send("POST", keys, "{\"name\": \"a key\"%s}".formatted(more));
  }

  private static int status(String key, String method, String path, String body) throws Exception {
    return product.askAs(key, method, path, body).statusCode();
  }

  @Test
  @DisplayName("a key does what its scopes say, and gives out no more than it has")
  void scopes() throws Exception {
    var reading = make(", \"scopes\": [\"links:read\", \"keys:write\"]");
    var key = reading.path("apiKey").textValue();
    var link = "{\"destination\": \"https://example.com/\"}";

    assertThat(status(key, "GET", "/v1/links", "")).isEqualTo(200);
    assertThat(status(key, "POST", "/v1/links", link)).isEqualTo(403);
    assertThat(status(key, "GET", "/v1/owners/%s/analytics".formatted(product.owner), ""))
        .isEqualTo(403);
    var more = "{\"name\": \"more\", \"scopes\": [\"links:write\"]}";
    assertThat(product.askAs(key, "POST", keys, more).body()).contains("not_yours");
    var same = read(product.askAs(key, "POST", keys, "{\"name\": \"same\"}"));
    assertThat(same.path("scopes").toString()).isEqualTo("[\"keys:write\",\"links:read\"]");
    var listed = product.get(keys).path("keys");
    assertThat(listed.toString()).contains("\"name\":\"first\"").doesNotContain("apiKey");
  }

  @Test
  @DisplayName("a revoked key is refused soon, its sockets are closed")
  void revocation() throws Exception {
    var made = make("");
    var key = made.path("apiKey").textValue();
    assertThat(status(key, "GET", "/v1/links", "")).isEqualTo(200);
    var ticket =
        read(product.askAs(key, "POST", "/v1/live/tickets", "{}")).path("ticket").textValue();
    var closed = new CompletableFuture<Integer>();
    var uri = "ws://127.0.0.1:%d/v1/live?ticket=%s".formatted(product.here.apiPort, ticket);
    product
        .here
        .client()
        .newWebSocketBuilder()
        .buildAsync(
            URI.create(uri),
            new WebSocket.Listener() {
              @Override
              public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
                closed.complete(code);
                return null;
              }
            })
        .join();

    var path = keys + "/" + made.path("keyId").textValue();
    assertThat(product.ask("DELETE", path, "").statusCode()).isEqualTo(204);
    await(() -> status(key, "GET", "/v1/links", "") == 401);
    assertThat(closed.get()).isEqualTo(1008);

    assertThat(product.ask("DELETE", path, "").statusCode()).isEqualTo(404);
  }

  @Test
  @DisplayName("a key ends when it was to end, and one that is rotated when its grace is over")
  void ends() throws Exception {
    var soon = Instant.now().plusSeconds(2);
    var short_ = make(", \"expiresAt\": \"%s\"".formatted(soon)).path("apiKey").textValue();
    assertThat(status(short_, "GET", "/v1/links", "")).isEqualTo(200);
    await(() -> status(short_, "GET", "/v1/links", "") == 401);
    assertThat(Instant.now()).isAfter(soon);

    var old = make(", \"scopes\": [\"links:read\"]");
    var rotations = keys + "/" + old.path("keyId").textValue() + "/rotations";
    var fresh = product.send("POST", rotations, "{\"graceSeconds\": 2}");
    assertThat(status(old.path("apiKey").textValue(), "GET", "/v1/links", "")).isEqualTo(200);
    assertThat(status(fresh.path("apiKey").textValue(), "GET", "/v1/links", "")).isEqualTo(200);
    assertThat(fresh.path("scopes")).isEqualTo(old.path("scopes"));
    await(() -> status(old.path("apiKey").textValue(), "GET", "/v1/links", "") == 401);
  }

  @Test
  @DisplayName("a key that ends gives out none that lives longer, and a key is rotated once")
  void noKeyOutlivesItsGiver() throws Exception {
    var end = Instant.now().plusSeconds(3_600).truncatedTo(ChronoUnit.SECONDS).toString();
    var key = make(", \"expiresAt\": \"%s\"".formatted(end)).path("apiKey").textValue();
    var made = read(product.askAs(key, "POST", keys, "{\"name\": \"heir\"}"));
    assertThat(made.path("expiresAt").textValue()).isEqualTo(end);
    var later = "{\"name\": \"heir\", \"expiresAt\": \"2099-01-01T00:00:00Z\"}";
    assertThat(product.askAs(key, "POST", keys, later).body()).contains("not_yours");
    var lasting = make("").path("keyId").textValue();
    var rotations = keys + "/" + lasting + "/rotations";
    assertThat(product.askAs(key, "POST", rotations, "{}").body()).contains("not_yours");

    product.send("POST", rotations, "{\"graceSeconds\": 60}");
    assertThat(product.ask("POST", rotations, "{}").body()).contains("key_has_ended");
  }

  @Test
  @DisplayName("answers say how many calls are left in this minute")
  void limits() throws Exception {
    var answer = product.askAs(make("").path("apiKey").textValue(), "GET", "/v1/links", "");

    assertThat(answer.headers().firstValue("ratelimit-policy")).contains("\"calls\";q=6000;w=60");
    assertThat(answer.headers().firstValue("ratelimit").orElseThrow())
        .matches("\"calls\";r=5\\d{3};t=\\d{1,2}");
  }

  @Test
  @DisplayName("keys of others are not there, and wrong wishes are refused")
  void others() throws Exception {
    var other =
        read(product.askAs(product.administrator, "POST", "/v1/owners", "{\"name\": \"Eve\"}"));
    var eve = other.path("apiKey").textValue();
    var id = make("").path("keyId").textValue();

    assertThat(status(eve, "GET", keys, "")).isEqualTo(404);
    assertThat(status(eve, "DELETE", keys + "/" + id, "")).isEqualTo(404);
    var hers = "/v1/owners/%s/keys/".formatted(other.path("ownerId").textValue());
    assertThat(status(eve, "DELETE", hers + id, "")).isEqualTo(404);
    assertThat(status(eve, "POST", hers + id + "/rotations", "{}")).isEqualTo(404);
    for (var more :
        new String[] {
          ", \"scopes\": []",
          ", \"scopes\": [\"administer\"]",
          ", \"scopes\": [\"fly\"]",
          ", \"expiresAt\": \"2020-01-01T00:00:00Z\"",
          ", \"colour\": \"red\""
        }) {
      var body = "{\"name\": \"a key\"%s}".formatted(more);
      assertThat(status(product.key, "POST", keys, body)).as(body).isEqualTo(422);
    }
  }
}
