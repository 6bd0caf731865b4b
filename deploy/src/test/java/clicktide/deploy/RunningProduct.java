package clicktide.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import clicktide.embedded.TestServers;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The whole product in this process, with a client for it. The test classes of a JVM share one
 * product; each class has an owner of its own, so no class sees the links of another.
 */
final class RunningProduct implements BeforeAllCallback {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String FIREFOX =
      "Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0";

  Installation here;
  String key;
  String administrator;
  String owner;

  /** The one product of this JVM. */
  private static final class Shared {
    private static final Installation HERE = start();

    private static Installation start() {
      try {
        var data = TestServers.scratchFolder();
        var here = new Installation(data);
        TestServers.closeAtTheEnd(Main.start(here.settings(), Clock.systemUTC()), data);
        return here;
      } catch (Exception e) {
        throw new IllegalStateException("The product could not start", e);
      }
    }
  }

  @Override
  public void beforeAll(ExtensionContext context) throws Exception {
    here = Shared.HERE;
    administrator = here.key("admin");
    var account = newOwner("me");
    key = account.key();
    owner = account.id();
  }

  /** An owner and its first key, which has every scope of an owner. */
  record Account(String id, String key) {}

  /** Creates an owner. */
  Account newOwner(String name) throws Exception {
    var body = "{\"name\": \"%s\"}".formatted(name);
    var created = askAs(administrator, "POST", "/v1/owners", body);
    assertThat(created.statusCode()).as(created.body()).isEqualTo(201);
    var account = read(created);
    return new Account(account.path("ownerId").textValue(), account.path("apiKey").textValue());
  }

  /** Sends a request with the owner's key and returns the response, whatever its status. */
  HttpResponse<String> ask(String method, String path, String body, String... headers)
      throws Exception {
    return askAs(key, method, path, body, headers);
  }

  /** Sends a request with a key, or without one if it is empty. */
  HttpResponse<String> askAs(
      String apiKey, String method, String path, String body, String... headers) throws Exception {
    var all = new String[headers.length + 2];
    System.arraycopy(headers, 0, all, 2, headers.length);
    all[0] = "Content-Type";
    all[1] = "application/json";
    return here.api(apiKey, method, path, body, all);
  }

  /** Returns the status of a request with a key. */
  int status(String apiKey, String method, String path, String body) throws Exception {
    return askAs(apiKey, method, path, body).statusCode();
  }

  /** Sends a request that must succeed and returns the body. */
  JsonNode send(String method, String path, String body) throws Exception {
    return read(ask(method, path, body));
  }

  JsonNode get(String path) throws Exception {
    return send("GET", path, "");
  }

  /** The body of a successful response. */
  static JsonNode read(HttpResponse<String> response) throws IOException {
    assertThat(response.statusCode()).as(response.body()).isBetween(200, 299);
    return json(response);
  }

  /** The body of a response, whatever its status. */
  static JsonNode json(HttpResponse<String> response) throws IOException {
    return JSON.readTree(response.body());
  }

  /** Creates a link and returns its code. The fields follow the destination: {@code , "a": 1}. */
  String link(String fields) throws Exception {
    var body = "{\"destination\": \"https://example.com/\"%s}".formatted(fields);
    return send("POST", "/v1/links", body).path("code").textValue();
  }

  String link() throws Exception {
    return link("");
  }

  /** Follows a link with a browser's user agent from an address. */
  HttpResponse<String> follow(String path, String address) throws Exception {
    return here.follow(path, "User-Agent", FIREFOX, "X-Forwarded-For", address);
  }

  /** Clicks of a time range. */
  record Clicks(int total, int human, int bot) {
    private static Clicks of(JsonNode analytics) {
      var clicks = analytics.at("/totals/clicks");
      assertThat(clicks.isObject()).as("%s", analytics).isTrue();
      return new Clicks(
          clicks.path("total").intValue(),
          clicks.path("human").intValue(),
          clicks.path("bot").intValue());
    }
  }

  /** Reads the analytics of a link. */
  JsonNode analytics(String code, String query) throws Exception {
    return get("/v1/links/%s/analytics?%s".formatted(code, query));
  }

  /** Reads the clicks of a link in a time range that the query names. */
  Clicks clicksIn(String code, String query) throws Exception {
    return Clicks.of(analytics(code, query));
  }

  /** Reads the clicks of a link in the last hour. */
  Clicks clicks(String code, String query) throws Exception {
    return clicksIn(code, "interval=1h&" + query);
  }

  /** The clicks of the last hour in the live store. */
  Clicks liveClicks(String code) throws Exception {
    return clicks(code, "bucket=minute");
  }

  /** The clicks of the last hour in the rollups. */
  Clicks rollupClicks(String code) throws Exception {
    return clicks(code, "bucket=total");
  }

  /** Reads the clicks of an owner in a time range that the query names. */
  Clicks ownerClicks(String query) throws Exception {
    return Clicks.of(get("/v1/owners/%s/analytics?%s".formatted(owner, query)));
  }

  /** A click that a collector reports. */
  record CollectedClick(String id, String code, Instant at) {
    private String json() {
      return "{\"eventId\": \"%s\", \"shortCode\": \"%s\", \"eventTime\": \"%s\"}"
          .formatted(id, code, at);
    }
  }

  /** Reports clicks and returns the response. */
  HttpResponse<String> collectAs(String apiKey, List<CollectedClick> clicks) throws Exception {
    var events = clicks.stream().map(CollectedClick::json).collect(Collectors.joining(", "));
    return askAs(
        apiKey, "POST", "/internal/click-events/batch", "{\"events\": [%s]}".formatted(events));
  }

  /** Reports clicks that must be accepted. */
  void collect(CollectedClick... clicks) throws Exception {
    var response = collectAs(key, List.of(clicks));
    assertThat(response.statusCode()).as(response.body()).isEqualTo(202);
    assertThat(json(response).path("accepted").intValue()).isEqualTo(clicks.length);
  }

  /** Creates a ticket for a live socket. */
  String ticket(String apiKey) throws Exception {
    return read(askAs(apiKey, "POST", "/v1/live/tickets", "{}")).path("ticket").textValue();
  }

  static String userAgent() {
    return FIREFOX;
  }
}
