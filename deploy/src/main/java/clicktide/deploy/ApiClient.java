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

/** The API as the command line speaks it. */
final class ApiClient implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
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

  /** An answer whose status is 2xx; {@link Refused} for any other one. */
  HttpResponse<String> send(String method, String path, String type, String body)
      throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(api.resolve(path))
            .timeout(PATIENCE)
            .header("Authorization", "Bearer " + key)
            .header("Content-Type", type)
            .method(method, BodyPublishers.ofString(body))
            .build();
    var answer = client.send(request, BodyHandlers.ofString());
    for (var n = 1; n < TRIES && answer.statusCode() == 429; n++) { // it was not done
      Thread.sleep(Duration.ofSeconds(answer.headers().firstValueAsLong("retry-after").orElse(1)));
      answer = client.send(request, BodyHandlers.ofString());
    }
    if (answer.statusCode() / 100 != 2) {
      throw new Refused(answer);
    }
    return answer;
  }

  JsonNode json(String method, String path, Object body) throws IOException, InterruptedException {
    var text = body == null ? "" : new String(Json.write(body), StandardCharsets.UTF_8);
    var answer = send(method, path, "application/json", text).body();
    return answer.isEmpty() ? Json.object() : Json.parse(answer.getBytes(StandardCharsets.UTF_8));
  }

  /** A query of names and values in turn; those without a value are left out. */
  static String query(String... pairs) {
    var query = new StringJoiner("&", "?", "").setEmptyValue("");
    for (var i = 0; i < pairs.length; i += 2) {
      if (pairs[i + 1] != null) {
        query.add(pairs[i] + "=" + encoded(pairs[i + 1]));
      }
    }
    return query.toString();
  }

  static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  @Override
  public void close() {
    client.close();
  }

  /** What the API says about why it did not do something. */
  static final class Refused extends IOException {
    private static final long serialVersionUID = 1L;

    private Refused(HttpResponse<String> answer) {
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
        return "The API answered " + answer.statusCode();
      }
    }
  }
}
