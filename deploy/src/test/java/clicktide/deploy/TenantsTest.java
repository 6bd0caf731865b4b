package clicktide.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Isolation of tenants where {@link ContractTest} cannot derive it: sockets and cursors. */
@DisplayName(
    "G17: sockets and cursors of every caller on own, foreign, deleted and unknown resources")
@Timeout(120)
class TenantsTest {
  private static final String SECRET = "of-eve-0815";

  @RegisterExtension static final RunningProduct product = new RunningProduct();
  private static String evesKey;
  private static String evesOwner;

  @BeforeAll
  static void start() throws Exception {
    var eve = product.newOwner("Eve");
    evesKey = eve.key();
    evesOwner = eve.id();
    var link = "{\"destination\": \"https://example.com/\", \"code\": \"%s\"}".formatted(SECRET);
    RunningProduct.read(product.askAs(evesKey, "POST", "/v1/links", link));
    RunningProduct.read(product.askAs(evesKey, "POST", "/v1/links", link.replace("0815", "4711")));
  }

  /** Subscribes and returns the type of the response or the code of its error. */
  private static String subscribe(LiveSocketClient socket, String field, String value)
      throws Exception {
    var message = "{\"type\": \"subscribe\", \"id\": \"%s\", \"%s\": \"%s\"}";
    socket.send(message.formatted(field + value, field, value));
    JsonNode response;
    do { // deltas of other subscriptions come between
      response = socket.next();
    } while (!response.path("id").asText().equals(field + value));
    return response.path("type").textValue().equals("error")
        ? response.path("code").textValue()
        : response.path("type").textValue();
  }

  @Test
  @DisplayName("a socket accepts subscriptions only to what its caller may read")
  void sockets() throws Exception {
    var own = product.link("");
    var deleted = product.link("");
    product.ask("DELETE", "/v1/links/" + deleted, "");
    var resources = new LinkedHashMap<String, String[]>();
    resources.put("own", new String[] {"link", own});
    resources.put("own, all", new String[] {"owner", product.owner});
    resources.put("foreign", new String[] {"link", SECRET});
    resources.put("foreign, all", new String[] {"owner", evesOwner});
    resources.put("deleted", new String[] {"link", deleted});
    resources.put("unknown", new String[] {"link", "Random42"});
    for (var caller : new String[] {product.key, evesKey, product.administrator, scoped()}) {
      try (var socket = LiveSocketClient.open(product.here, product.ticket(caller))) {
        for (var resource : resources.entrySet()) {
          var kind = resource.getKey();
          var isGone = kind.equals("deleted") || kind.equals("unknown");
          var isOwn = kind.startsWith("foreign") == caller.equals(evesKey);
          var isReadable = !isGone && (isOwn || caller.equals(product.administrator));
          assertThat(subscribe(socket, resource.getValue()[0], resource.getValue()[1]))
              .as("%s by %s", kind, caller.substring(0, 12))
              .isEqualTo(isReadable ? "snapshot" : "not_found");
        }
      }
    }
    for (var caller : new String[] {"", "ct_0123456789ab_" + "x".repeat(43)}) {
      assertThat(product.status(caller, "POST", "/v1/live/tickets", "{}")).isEqualTo(401);
    }
    var writer = key("links:write");
    assertThat(product.status(writer, "POST", "/v1/live/tickets", "{}")).isEqualTo(403);
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
  @DisplayName("a cursor from another owner's list continues in the caller's own list")
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
          var isEve = caller.equals(evesKey);
          var isOfPath = list.contains("%s"); // then the path names the owner
          assertThat(answer.statusCode())
              .as("%s: %s", asked, answer.body())
              .isEqualTo(caller.isEmpty() ? 401 : isEve && isOfPath ? 404 : 200);
          if (!isEve) {
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
