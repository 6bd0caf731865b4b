package clicktide.deploy;

import clicktide.http.Json;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.StringJoiner;
import java.util.regex.Pattern;

/** Client of the API for the command line. */
final class ApiClient implements AutoCloseable {
  private static final Pattern CONTROLS =
      Pattern.compile("[\\p{Cc}\\u202A-\\u202E\\u2066-\\u2069]");
  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final int TRIES = 5;

  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();
  private final URI api;
  private final String key;

  ApiClient(URI api, String key) {
    this.api = api;
    this.key = key;
  }

  /** Sends a request, after 429 up to 5 times; throws {@link ApiRefusal} unless it gets 2xx. */
  HttpResponse<String> send(String method, String path, String type, String body)
      throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(api.resolve(path))
            .timeout(TIMEOUT)
            .header("Authorization", "Bearer " + key)
            .header("Content-Type", type)
            .method(method, BodyPublishers.ofString(body))
            .build();
    var answer = client.send(request, BodyHandlers.ofString());
    for (var n = 1; n < TRIES && answer.statusCode() == 429; n++) { // nothing was done
      Thread.sleep(Duration.ofSeconds(answer.headers().firstValueAsLong("retry-after").orElse(1)));
      answer = client.send(request, BodyHandlers.ofString());
    }
    if (answer.statusCode() / 100 != 2) {
      throw new ApiRefusal(answer);
    }
    return answer;
  }

  /** Sends and receives JSON; an empty response is an empty object. */
  JsonNode json(String method, String path, Object body) throws IOException, InterruptedException {
    var text = body == null ? "" : new String(Json.write(body), StandardCharsets.UTF_8);
    var answer = send(method, path, "application/json", text).body();
    return answer.isEmpty() ? Json.object() : Json.parse(answer.getBytes(StandardCharsets.UTF_8));
  }

  /** Makes a query of names and values in turn; it leaves out names without a value. */
  static String query(String... pairs) {
    var query = new StringJoiner("&", "?", "").setEmptyValue("");
    for (var i = 0; i < pairs.length; i += 2) {
      if (pairs[i + 1] != null) {
        query.add(pairs[i] + "=" + encoded(pairs[i + 1]));
      }
    }
    return query.toString();
  }

  /** Encodes a text for a query. */
  static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /** Escapes the characters that control a terminal or the writing direction, as JSON does. */
  static String printable(String text) {
    return CONTROLS
        .matcher(text)
        .replaceAll(found -> "\\\\u%04x".formatted((int) found.group().charAt(0)));
  }

  @Override
  public void close() {
    client.close();
  }

  /** A request that the API refused, with its reason. */
  static final class ApiRefusal extends IOException {
    private static final long serialVersionUID = 1L;

    private ApiRefusal(HttpResponse<String> answer) {
      super(sentence(answer));
    }

    private static String sentence(HttpResponse<String> answer) {
      try {
        var problem = Json.parse(answer.body().getBytes(StandardCharsets.UTF_8));
        return "%d %s: %s"
            .formatted(
                answer.statusCode(),
                problem.path("code").asText(),
                problem.path("detail").asText());
      } catch (RuntimeException _) {
        return "The API answered with status " + answer.statusCode();
      }
    }
  }
}
