package clicktide.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.http.WebSocket;
import java.util.LinkedHashMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What {@link ContractTest} cannot ask of the document: sockets and cursors. */
@DisplayName("G17: sockets and cursors of every caller on own, foreign, deleted and random things")
@Timeout(120)
class TenantsTest {
  private static final String SECRET = "of-eve-0815";

  @RegisterExtension static final RunningProduct product = new RunningProduct();
  private static String evesKey;
  private static String evesOwner;

  @BeforeAll
  static void start() throws Exception {
    var eve =
        RunningProduct.read(
            product.askAs(product.administrator, "POST", "/v1/owners", "{\"name\": \"Eve\"}"));
    evesKey = eve.path("apiKey").textValue();
    evesOwner = eve.path("ownerId").textValue();
    var link = "{\"destination\": \"https://example.com/\", \"code\": \"%s\"}".formatted(SECRET);
    RunningProduct.read(product.askAs(evesKey, "POST", "/v1/links", link));
    RunningProduct.read(product.askAs(evesKey, "POST", "/v1/links", link.replace("0815", "4711")));
  }

  private static String subscribed(WebSocket socket, Ear ear, String what, String name)
      throws Exception {
    var message = "{\"type\": \"subscribe\", \"id\": \"%s\", \"%s\": \"%s\"}";
    socket.sendText(message.formatted(what + name, what, name), true).join();
    JsonNode answer;
    do { // deltas of other subscriptions come between
      answer = ear.next();
    } while (!answer.path("id").asText().equals(what + name));
    return answer.path("type").textValue().equals("error")
        ? answer.path("code").textValue()
        : answer.path("type").textValue();
  }

  @Test
  @DisplayName("a socket takes subscriptions to what its caller sees")
  void sockets() throws Exception {
    var own = product.link("");
    var deleted = product.link("");
    product.ask("DELETE", "/v1/links/" + deleted, "");
    var things = new LinkedHashMap<String, String[]>();
    things.put("own", new String[] {"link", own});
    things.put("own, all", new String[] {"owner", product.owner});
    things.put("foreign", new String[] {"link", SECRET});
    things.put("foreign, all", new String[] {"owner", evesOwner});
    things.put("deleted", new String[] {"link", deleted});
    things.put("random", new String[] {"link", "Random42"});
    for (var caller : new String[] {product.key, evesKey, product.administrator, scoped()}) {
      var ticket =
          RunningProduct.read(product.askAs(caller, "POST", "/v1/live/tickets", "{}"))
              .path("ticket")
              .textValue();
      var ear = new Ear();
      var uri = "ws://127.0.0.1:%d/v1/live?ticket=%s".formatted(product.here.apiPort, ticket);
      var socket =
          product.here.client().newWebSocketBuilder().buildAsync(URI.create(uri), ear).join();
      for (var thing : things.entrySet()) {
        var kind = thing.getKey();
        var isGone = kind.equals("deleted") || kind.equals("random");
        var isHers = kind.startsWith("foreign") == caller.equals(evesKey);
        var isSeen = !isGone && (isHers || caller.equals(product.administrator));
        assertThat(subscribed(socket, ear, thing.getValue()[0], thing.getValue()[1]))
            .as("%s by %s", kind, caller.substring(0, 12))
            .isEqualTo(isSeen ? "snapshot" : "not_found");
      }
      socket.abort();
    }
    for (var caller : new String[] {"", "ct_0123456789ab_" + "x".repeat(43)}) {
      assertThat(product.askAs(caller, "POST", "/v1/live/tickets", "{}").statusCode())
          .isEqualTo(401);
    }
    var writer = key("links:write");
    assertThat(product.askAs(writer, "POST", "/v1/live/tickets", "{}").statusCode()).isEqualTo(403);
  }

  private static String scoped() throws Exception {
    return key("analytics:read");
  }

  private static String key(String scope) throws Exception {
    var body = "{\"name\": \"%s\", \"scopes\": [\"%1$s\"]}".formatted(scope);
    var keys = "/v1/owners/%s/keys".formatted(product.owner);
    return product.send("POST", keys, body).path("apiKey").textValue();
  }

  @Test
  @DisplayName("a cursor of somebody else's list leads on in the own one")
  void cursors() throws Exception {
    var first = product.link("");
    product.link("");
    for (var list : new String[] {"/v1/links?limit=1", "/v1/owners/%s/audit?limit=1"}) {
      var foreign =
          RunningProduct.read(product.askAs(evesKey, "GET", list.formatted(evesOwner), ""))
              .path("nextCursor")
              .textValue();
      var own = product.get(list.formatted(product.owner)).path("nextCursor").textValue();
      for (var cursor : new String[] {foreign, own, "zz", "1", "1y2p0ij32e8e7"}) {
        for (var caller : new String[] {product.key, evesKey, product.administrator, ""}) {
          var path = list.formatted(product.owner) + "&cursor=" + cursor;
          var asked =
              caller.equals(product.administrator) && path.startsWith("/v1/links")
                  ? path + "&ownerId=" + product.owner
                  : path;
          var answer = product.askAs(caller, "GET", asked, "");
          var isHers = caller.equals(evesKey);
          var isOfPath = list.contains("%s"); // then the path names the owner
          assertThat(answer.statusCode())
              .as("%s: %s", asked, answer.body())
              .isEqualTo(caller.isEmpty() ? 401 : isHers && isOfPath ? 404 : 200);
          if (!isHers) {
            assertThat(answer.body()).doesNotContain("of-eve");
          } else {
            assertThat(answer.body()).doesNotContain(first);
          }
        }
      }
    }
    assertThat(product.ask("GET", "/v1/links?cursor=!", "").statusCode()).isEqualTo(400);
  }
}
