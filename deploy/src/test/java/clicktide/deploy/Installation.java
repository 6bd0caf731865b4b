package clicktide.deploy;

import clicktide.embedded.TestServers;
import clicktide.settings.Settings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A data folder, three free ports, and a client that sends requests to them. */
public final class Installation {
  public final Path data;
  public final int port = TestServers.freePort();
  public final int apiPort = TestServers.freePort();
  public final int managementPort = TestServers.freePort();
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  public Installation(Path data) {
    this.data = data;
  }

  public List<String> arguments() {
    return List.of(
        "--data", data.toString(),
        "--port", Integer.toString(port),
        "--api-port", Integer.toString(apiPort),
        "--management-port", Integer.toString(managementPort));
  }

  Settings settings() {
    return settings(Map.of());
  }

  Settings settings(Map<String, String> more) {
    var environment = new HashMap<>(more);
    environment.put("CLICKTIDE_TRUSTED_PROXIES", "127.0.0.1");
    return Settings.from(environment, arguments());
  }

  String key(String name) throws IOException {
    return Files.readString(data.resolve(name + ".key")).strip();
  }

  public HttpResponse<String> follow(String code, String... headers)
      throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d/%s".formatted(port, code)));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), BodyHandlers.ofString());
  }

  /** Follows a link of a domain, whose name need not resolve, and returns the raw response. */
  String followOn(String host, String path, String address) throws IOException {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      var request =
          "GET /%s HTTP/1.1\r\nHost: %s\r\nX-Forwarded-For: %s\r\nUser-Agent: %s\r\nConnection: close\r\n\r\n"
              .formatted(path, host, address, RunningProduct.userAgent());
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    }
  }

  public HttpResponse<String> api(
      String key, String method, String path, String body, String... headers)
      throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d%s".formatted(apiPort, path)))
            .timeout(Duration.ofSeconds(30))
            .method(method, HttpRequest.BodyPublishers.ofString(body));
    if (!key.isEmpty()) {
      request.header("Authorization", "Bearer " + key);
    }
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), BodyHandlers.ofString());
  }

  /** Posts bytes and returns the status. */
  int send(String key, String path, String type, byte[] body)
      throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d%s".formatted(apiPort, path)))
            .header("Authorization", "Bearer " + key)
            .header("Content-Type", type)
            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
            .build();
    return client.send(request, BodyHandlers.ofString()).statusCode();
  }

  byte[] bytes(String key, String path) throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d%s".formatted(apiPort, path)))
            .header("Authorization", "Bearer " + key)
            .build();
    return client.send(request, BodyHandlers.ofByteArray()).body();
  }

  public HttpResponse<String> management(String path) throws IOException, InterruptedException {
    var uri = URI.create("http://127.0.0.1:%d%s".formatted(managementPort, path));
    return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
  }

  HttpClient client() {
    return client;
  }
}
