package clicktide.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.time.Clock;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The whole product in this process while the tests of a class run, and its first owner, who uses
 * it.
 */
final class RunningProduct implements BeforeAllCallback, AfterAllCallback {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String FIREFOX =
      "Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0";

  Installation here;
  String key;
  String administrator;
  String owner;
  private Main main;

  @Override
  public void beforeAll(ExtensionContext context) throws Exception {
    here = new Installation(Files.createTempDirectory("clicktide-test"));
    main = Main.start(here.settings(Map.of()), Clock.systemUTC());
    key = here.key("owner");
    administrator = here.key("admin");
    owner = get("/v1/me").path("ownerId").textValue();
  }

  @Override
  public void afterAll(ExtensionContext context) throws IOException {
    main.close();
    main = null; // a class keeps what it has started until the last one has ended
    try (var files = Files.walk(here.data)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  /** Whatever is answered. */
  HttpResponse<String> ask(String method, String path, String body, String... headers)
      throws Exception {
    return askAs(key, method, path, body, headers);
  }

  HttpResponse<String> askAs(String who, String method, String path, String body, String... headers)
      throws Exception {
    var all = new String[headers.length + 2];
    System.arraycopy(headers, 0, all, 2, headers.length);
    all[0] = "Content-Type";
    all[1] = "application/json";
    return here.api(who, method, path, body, all);
  }

  /** What is answered to something that is expected to be done. */
  JsonNode send(String method, String path, String body) throws Exception {
    return read(ask(method, path, body));
  }

  JsonNode get(String path) throws Exception {
    return send("GET", path, "");
  }

  static JsonNode read(HttpResponse<String> answer) throws IOException {
    assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 299);
    return JSON.readTree(answer.body());
  }

  /** A new link with more fields than a destination; its code. */
  String link(String more) throws Exception {
    var body = "{\"destination\": \"https://example.com/\"%s}".formatted(more);
    return send("POST", "/v1/links", body).path("code").textValue();
  }

  /** Somebody with a browser follows a link. */
  HttpResponse<String> follow(String path, String address) throws Exception {
    return here.follow(path, "User-Agent", FIREFOX, "X-Forwarded-For", address);
  }

  JsonNode clicks(String code, String query) throws Exception {
    return get("/v1/links/%s/analytics?interval=1h&%s".formatted(code, query)).at("/totals/clicks");
  }

  /** Until it is so; the deadline is the test's. */
  static void await(Callable<Boolean> isSo) throws Exception {
    while (!isSo.call()) {
      TimeUnit.MILLISECONDS.sleep(50);
    }
  }

  static String userAgent() {
    return FIREFOX;
  }
}
