package clicktide.load;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;

/** The product as its users see it: the link port and the API, with a key. Loopback only. */
final class Product {
  static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .followRedirects(HttpClient.Redirect.NEVER)
          .build();
  private final String links;
  private final String api;
  private final String key;

  Product(int linkPort, int apiPort, String key) {
    links = "http://127.0.0.1:" + linkPort;
    api = "http://127.0.0.1:" + apiPort;
    this.key = key;
  }

  /** The status of following a short link, as a browser would. */
  int follow(String code) throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(URI.create(links + "/" + code))
            .header(
                "User-Agent",
                "Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0")
            .timeout(Duration.ofSeconds(10))
            .build();
    return client.send(request, BodyHandlers.discarding()).statusCode();
  }

  JsonNode get(String path) throws IOException, InterruptedException {
    return send(HttpRequest.newBuilder(URI.create(api + path)));
  }

  JsonNode post(String path, Object body) throws IOException, InterruptedException {
    return send(
        HttpRequest.newBuilder(URI.create(api + path))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body))));
  }

  /** Throws for an answer that is not 2xx. */
  private JsonNode send(HttpRequest.Builder request) throws IOException, InterruptedException {
    var answer =
        client.send(
            request
                .header("Authorization", "Bearer " + key)
                .timeout(Duration.ofSeconds(30))
                .build(),
            BodyHandlers.ofByteArray());
    var body = JSON.readTree(answer.body());
    if (answer.statusCode() / 100 != 2) {
      throw new IOException("%d: %s".formatted(answer.statusCode(), body));
    }
    return body;
  }

  /** Opens a live socket with a fresh ticket; messages go to the watcher. */
  void watch(LiveWatcher watcher) throws IOException, InterruptedException {
    var ticket = post("/v1/live/tickets", Map.of()).path("ticket").textValue();
    client
        .newWebSocketBuilder()
        .buildAsync(URI.create(api.replace("http", "ws") + "/v1/live?ticket=" + ticket), watcher)
        .join();
  }
}
