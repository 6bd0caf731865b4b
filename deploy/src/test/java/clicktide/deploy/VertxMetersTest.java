package clicktide.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import clicktide.http.HttpPort;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import java.io.IOException;
import java.net.ServerSocket;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("O1: the meters of Vert.x")
class VertxMetersTest {
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private int linkPort;
  private Vertx vertx;

  @BeforeEach
  void start() throws IOException {
    try (var free = new ServerSocket(0)) {
      linkPort = free.getLocalPort();
    }
    vertx = VertxMeters.start(registry, linkPort);
  }

  @AfterEach
  void close() {
    vertx.close().await();
  }

  private int listen(int port) {
    return HttpPort.listen(
            vertx,
            new HttpPort.PortOptions("127.0.0.1", port, 10),
            request -> request.response().end(request.path()))
        .await()
        .actualPort();
  }

  private void ask(int port, String method, String path) {
    vertx
        .createHttpClient()
        .request(HttpMethod.valueOf(method), port, "127.0.0.1", path)
        .compose(request -> request.send().compose(response -> response.body()))
        .await();
  }

  @Test
  @DisplayName("show event loops, pools and the API, but not the port of the links")
  void showEventLoopsPoolsAndTheApi() {
    var apiPort = listen(0);
    ask(apiPort, "GET", "/api");
    ask(listen(linkPort), "GET", "/link");
    vertx.executeBlocking(() -> "done").await();

    assertThat(registry.scrape())
        .contains("netty_eventexecutor_tasks_pending")
        .contains("vertx_pool_queue_time_seconds_count")
        .contains(
            "vertx_http_server_response_time_seconds_count{code=\"200\",local=\"127.0.0.1:%d\"}"
                .formatted(apiPort))
        .doesNotContain(":" + linkPort);
  }

  @Test
  @DisplayName("have the same labels whatever paths and methods clients choose")
  void haveBoundedLabels() {
    var port = listen(0);
    ask(port, "GET", "/one");
    var before = httpMeters();
    for (var i = 0; i < 20; i++) {
      ask(port, "METHOD" + i, "/path" + i + "?q=" + i);
    }

    assertThat(httpMeters()).hasSameElementsAs(before);
    assertThat(registry.getMeters())
        .flatExtracting(meter -> meter.getId().getTags())
        .extracting(Tag::getValue)
        .noneMatch(value -> value.contains("path") || value.contains("METHOD"));
  }

  private List<Meter.Id> httpMeters() {
    return registry.getMeters().stream()
        .map(Meter::getId)
        .filter(id -> id.getName().startsWith("vertx.http"))
        .toList();
  }
}
