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

/** A client of the link port and the API, with a key. Loopback only. */
final class Product {
  static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .followRedirects(HttpClient.Redirect.NEVER)
          .build();
  final int linkPort;
  private final String api;
  private final String key;

  Product(int linkPort, int apiPort, String key) {
    this.linkPort = linkPort;
    api = "http://127.0.0.1:" + apiPort;
    this.key = key;
  }

  LinkConnection links() throws IOException {
    return new LinkConnection(linkPort);
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

  /** Sends a batch of events in JSON, plain or with gzip, and returns how many were accepted. */
  int collect(byte[] batch, boolean isGzip) throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(URI.create(api + "/internal/click-events/batch"))
            .header("Content-Type", "application/json")
            .header("Content-Encoding", isGzip ? "gzip" : "identity")
            .POST(HttpRequest.BodyPublishers.ofByteArray(batch));
    return send(request).path("accepted").intValue();
  }

  /** Throws if the status of the response is not 2xx. */
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

  /** The total of an analytics response. */
  static long total(JsonNode answer) {
    return answer.path("totals").path("clicks").path("total").longValue();
  }

  /** The sum of all rows of an analytics response. */
  static long sumOf(JsonNode answer) {
    var sum = 0L;
    for (var row : answer.path("series")) {
      sum += row.path("clicks").longValue();
    }
    return sum;
  }

  /** Opens a live socket with a fresh ticket, and waits for its snapshot. */
  void watch(LiveWatcher watcher) throws IOException, InterruptedException {
    var ticket = post("/v1/live/tickets", Map.of()).path("ticket").textValue();
    client
        .newWebSocketBuilder()
        .buildAsync(URI.create(api.replace("http", "ws") + "/v1/live?ticket=" + ticket), watcher)
        .join();
    watcher.awaitSnapshot();
  }
}
