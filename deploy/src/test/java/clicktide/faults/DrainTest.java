package clicktide.faults;

import static clicktide.time.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import clicktide.embedded.TestServers;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The orderly stop of a process")
@Timeout(180)
class DrainTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String ADMIN = "admin-key-of-the-drain-test-0123456789";
  private static final int CLIENTS = 4;

  @TempDir Path folder;
  private ProductProcess product;
  private String key = ADMIN;

  @BeforeEach
  void prepare() {
    var environment = TestServers.freshSettings();
    environment.put("CLICKTIDE_ADMIN_KEY", ADMIN);
    environment.put("CLICKTIDE_TRUSTED_PROXIES", "127.0.0.1");
    environment.put("CLICKTIDE_CLICKS_A_MINUTE", "0");
    product =
        new ProductProcess(folder, "product", environment)
            .option("-Dlogback.configurationFile=logback.xml");
  }

  @AfterEach
  void end() throws InterruptedException {
    if (product.isAlive()) {
      product.kill();
    }
  }

  private JsonNode send(String method, String path, String body) throws Exception {
    var answer = product.here.api(key, method, path, body, "Content-Type", "application/json");
    assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 299);
    return JSON.readTree(answer.body());
  }

  private String link() throws Exception {
    key = send("POST", "/v1/owners", "{\"name\":\"drain\"}").path("apiKey").textValue();
    return send("POST", "/v1/links", "{\"destination\":\"https://example.com/\"}")
        .path("code")
        .textValue();
  }

  private int clicks(String code, String bucket) throws Exception {
    var path = "/v1/links/%s/analytics?interval=1h&bucket=%s".formatted(code, bucket);
    return send("GET", path, "").at("/totals/clicks/total").intValue();
  }

  private CompletableFuture<Integer> liveSocket() throws Exception {
    var ticket = send("POST", "/v1/live/tickets", "{}").path("ticket").textValue();
    var closeCode = new CompletableFuture<Integer>();
    var uri = "ws://127.0.0.1:%d/v1/live?ticket=%s".formatted(product.here.apiPort, ticket);
    var listener =
        new WebSocket.Listener() {
          @Override
          public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
            closeCode.complete(code);
            return null;
          }

          @Override
          public void onError(WebSocket socket, Throwable error) {
            closeCode.completeExceptionally(error);
          }
        };
    HttpClient.newHttpClient().newWebSocketBuilder().buildAsync(URI.create(uri), listener).join();
    return closeCode;
  }

  private List<KeepAliveClient> clients(String code, List<Thread> threads) {
    var clients = new ArrayList<KeepAliveClient>();
    for (var i = 0; i < CLIENTS; i++) {
      var client = KeepAliveClient.follow(product.here.port, code);
      clients.add(client);
      threads.add(Thread.ofVirtual().start(client));
    }
    return clients;
  }

  private static int redirects(List<KeepAliveClient> clients) {
    return clients.stream().mapToInt(client -> client.answers.get()).sum();
  }

  @Test
  @DisplayName(
      "SIGTERM: readiness fails first, no request fails, sockets get 1012, each click is counted")
  void drains() throws Exception {
    product.with("CLICKTIDE_DRAIN_SECONDS", "3").start().awaitLog();
    var code = link();
    var socket = liveSocket();
    var threads = new ArrayList<Thread>();
    var clients = clients(code, threads);
    eventually("each client follows the link")
        .until(() -> clients.stream().allMatch(client -> client.answers.get() > 10));

    Signals.send("TERM", product.process());

    eventually("readiness fails")
        .until(
            () -> product.management("/health/ready").startsWith("503 {\"status\":\"stopping\""));
    assertThat(product.here.follow(code).statusCode()).isEqualTo(302); // the port is still open
    assertThat(product.exitCode()).isEqualTo(128 + 15);
    for (var thread : threads) {
      thread.join();
    }
    assertThat(clients).allSatisfy(client -> assertThat(client.error).isEmpty());
    assertThat(clients).allSatisfy(client -> assertThat(client.isTold).isTrue());
    assertThat(socket.join()).isEqualTo(1012);
    assertThat(warnings()).isEmpty();

    product.start();
    var sent = redirects(clients) + 1;
    for (var bucket : List.of("minute", "total")) {
      eventually("each click is counted by " + bucket).until(() -> clicks(code, bucket) == sent);
    }
  }

  /** The warnings and errors of the log, except those that a slow computer causes. */
  private List<String> warnings() throws IOException {
    return Files.readAllLines(product.log()).stream()
        .filter(line -> line.contains(" WARN ") || line.contains(" ERROR "))
        .filter(line -> !line.contains("BlockedThreadChecker") && !line.contains("ClockCheck"))
        .toList();
  }

  @Test
  @DisplayName("a second SIGTERM ends the process at once")
  void secondSignal() throws Exception {
    product.with("CLICKTIDE_DRAIN_SECONDS", "300").start();

    Signals.send("TERM", product.process());
    eventually("the process drains")
        .until(() -> product.management("/health/ready").startsWith("503"));
    Signals.send("TERM", product.process());

    assertThat(product.exitCode()).isEqualTo(128 + 15);
  }
}
