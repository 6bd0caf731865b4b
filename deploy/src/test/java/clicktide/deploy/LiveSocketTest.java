package clicktide.deploy;

import static clicktide.time.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@DisplayName("E9: the live socket")
@Timeout(120)
class LiveSocketTest {
  @RegisterExtension static final RunningProduct product = new RunningProduct();

  @Test
  @DisplayName("a subscription sends a snapshot, then deltas that add up, numbered without gaps")
  void aSubscription() throws Exception {
    var code = product.link();
    product.here.follow(code);
    eventually("the click is counted").until(() -> product.liveClicks(code).total() == 1);
    try (var socket = LiveSocketClient.open(product.here, product.ticket(product.key))) {
      socket.send("{\"type\":\"subscribe\",\"id\":1,\"link\":\"%s\"}".formatted(code));

      var snapshot = socket.next();
      assertThat(snapshot.path("type").textValue()).isEqualTo("snapshot");
      assertThat(snapshot.path("id").intValue()).isEqualTo(1);
      var sum = sum(snapshot.path("links").path(code).path("minutes"));
      assertThat(sum).isEqualTo(1);
      for (var i = 0; i < 5; i++) {
        product.here.follow(code);
      }
      for (var seq = 2; sum < 6; seq++) {
        var delta = socket.next();
        assertThat(delta.path("type").textValue()).isEqualTo("delta");
        assertThat(delta.path("seq").intValue()).isEqualTo(seq);
        sum += sum(delta.path("links").path(code));
      }
      assertThat(sum).isEqualTo(6);
    }
  }

  private static int sum(JsonNode minutes) {
    var sum = 0;
    for (var clicks : minutes) {
      sum += clicks.intValue();
    }
    return sum;
  }

  private static int status(String ticket, String origin) {
    return LiveSocketClient.status(product.here, ticket, origin);
  }

  @Test
  @DisplayName(
      "a ticket opens one socket, from the dashboard only, for the links of its owner only")
  void tickets() throws Exception {
    var origin = "http://127.0.0.1:" + product.here.apiPort;
    assertThat(status("nonsense", origin)).isEqualTo(401);
    assertThat(status(product.ticket(product.key), "https://evil.example")).isEqualTo(403);
    var ticket = product.ticket(product.key);
    assertThat(status(ticket, origin)).isEqualTo(101);
    assertThat(status(ticket, origin)).isEqualTo(401);

    var stranger = product.ticket(product.newOwner("Ada").key());
    try (var socket = LiveSocketClient.open(product.here, stranger)) {
      socket.send(
          "{\"type\":\"subscribe\",\"id\":\"mine\",\"link\":\"%s\"}".formatted(product.link()));
      var refusal = socket.next();
      assertThat(refusal.path("code").textValue()).isEqualTo("not_found");
      assertThat(refusal.path("id").textValue()).isEqualTo("mine");
      socket.send("{\"type\":\"subscribe\",\"owner\":\"%s\"}".formatted(product.owner));
      assertThat(socket.next().path("code").textValue()).isEqualTo("not_found");
      socket.send("nonsense");
      assertThat(socket.next().path("code").textValue()).isEqualTo("malformed_json");
    }
  }
}
