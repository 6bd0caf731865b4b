package clicktide.deploy;

import static clicktide.deploy.RunningProduct.read;
import static clicktide.time.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
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
    return product.status(key, method, path, body);
  }

  @Test
  @DisplayName("a key has its scopes only, and creates keys with these scopes only")
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
  @DisplayName("a revoked key is rejected, and its sockets are closed")
  void revocation() throws Exception {
    var made = make("");
    var key = made.path("apiKey").textValue();
    assertThat(status(key, "GET", "/v1/links", "")).isEqualTo(200);
    var path = keys + "/" + made.path("keyId").textValue();
    try (var socket = LiveSocketClient.open(product.here, product.ticket(key))) {
      assertThat(product.ask("DELETE", path, "").statusCode()).isEqualTo(204);
      awaitRejected(key);
      assertThat(socket.closeCode()).isEqualTo(1008);
    }
    assertThat(product.ask("DELETE", path, "").statusCode()).isEqualTo(404);
  }

  @Test
  @DisplayName("a revocation includes the keys that the key created, unless the call keeps them")
  void descendants() throws Exception {
    for (var keeps : new boolean[] {true, false}) {
      var creator = make("");
      var body = "{\"name\": \"created\"}";
      var created = product.askAs(creator.path("apiKey").textValue(), "POST", keys, body);
      var key = read(created).path("apiKey").textValue();
      var path = keys + "/" + creator.path("keyId").textValue();
      assertThat(product.status(product.key, "DELETE", path + "?descendants=no", ""))
          .isEqualTo(400);

      product.ask("DELETE", path + (keeps ? "?descendants=false" : ""), "");

      awaitRejected(creator.path("apiKey").textValue());
      if (keeps) {
        assertThat(status(key, "GET", "/v1/links", "")).isEqualTo(200);
      } else {
        awaitRejected(key);
      }
    }
  }

  @Test
  @DisplayName("a key is rejected after its expiry, and a rotated key after its grace period")
  void ends() throws Exception {
    var soon = Instant.now().plusSeconds(2);
    var short_ = make(", \"expiresAt\": \"%s\"".formatted(soon)).path("apiKey").textValue();
    assertThat(status(short_, "GET", "/v1/links", "")).isEqualTo(200);
    awaitRejected(short_);
    assertThat(Instant.now()).isAfter(soon);

    var old = make(", \"scopes\": [\"links:read\"]");
    var rotations = keys + "/" + old.path("keyId").textValue() + "/rotations";
    var fresh = product.send("POST", rotations, "{\"graceSeconds\": 2}");
    assertThat(status(old.path("apiKey").textValue(), "GET", "/v1/links", "")).isEqualTo(200);
    assertThat(status(fresh.path("apiKey").textValue(), "GET", "/v1/links", "")).isEqualTo(200);
    assertThat(fresh.path("scopes")).isEqualTo(old.path("scopes"));
    awaitRejected(old.path("apiKey").textValue());
  }

  private static void awaitRejected(String key) {
    eventually("the key is rejected").until(() -> status(key, "GET", "/v1/links", "") == 401);
  }

  @Test
  @DisplayName("a key that expires creates no key that expires later, and a key is rotated once")
  void noKeyOutlivesItsCreator() throws Exception {
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
  @DisplayName("responses say how many calls are left in this minute")
  void limits() throws Exception {
    var answer = product.askAs(make("").path("apiKey").textValue(), "GET", "/v1/links", "");

    assertThat(answer.headers().firstValue("ratelimit-policy")).contains("\"calls\";q=6000;w=60");
    assertThat(answer.headers().firstValue("ratelimit").orElseThrow())
        .matches("\"calls\";r=5\\d{3};t=\\d{1,2}");
  }

  @Test
  @DisplayName("keys of other owners are not found, and invalid keys are rejected")
  void others() throws Exception {
    var other = product.newOwner("Eve");
    var eve = other.key();
    var id = make("").path("keyId").textValue();

    assertThat(status(eve, "GET", keys, "")).isEqualTo(404);
    assertThat(status(eve, "DELETE", keys + "/" + id, "")).isEqualTo(404);
    var hers = "/v1/owners/%s/keys/".formatted(other.id());
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
