package clicktide.deploy;

import static clicktide.time.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import clicktide.embedded.TestServers;
import clicktide.http.HttpPort;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.PoolOptions;
import io.vertx.ext.web.Router;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("O1: the meters of Vert.x")
class VertxMetersTest {
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private int linkPort;
  private int apiPort;
  private Vertx vertx;
  private HttpClient client; // Vert.x closes a client that nothing refers to

  @BeforeEach
  void start() {
    linkPort = TestServers.freePort();
    apiPort = TestServers.freePort();
    registry.config().meterFilter(new HttpMeterFilter(Map.of(apiPort, "api")));
    vertx = VertxMeters.start(registry, linkPort);
    client = vertx.createHttpClient();
  }

  @AfterEach
  void close() {
    vertx.close().await();
  }

  private void listen(int port) {
    var router = Router.router(vertx);
    router.get("/links/:code").handler(context -> context.response().end("found"));
    HttpPort.listen(vertx, new HttpPort.PortOptions("127.0.0.1", port, 10), router).await();
  }

  private void ask(int port, String method, String path) {
    client
        .request(HttpMethod.valueOf(method), port, "127.0.0.1", path)
        .compose(request -> request.send().compose(response -> response.body()))
        .await();
  }

  @Test
  @DisplayName("show event loops, pools and the API, but not the port of the links")
  void showEventLoopsPoolsAndTheApi() {
    listen(apiPort);
    listen(linkPort);
    ask(apiPort, "GET", "/links/abc");
    ask(linkPort, "GET", "/links/abc");
    vertx.executeBlocking(() -> "done").await();

    assertThat(registry.scrape())
        .contains("netty_eventexecutor_tasks_pending")
        .contains("vertx_pool_queue_time_seconds_count")
        .contains(
            "vertx_http_server_response_time_seconds_bucket{code=\"200\",local=\"127.0.0.1:%d\",port=\"api\",route=\"/links/:code\",le=\"0.05\"}"
                .formatted(apiPort))
        .doesNotContain(":" + linkPort);
  }

  @Test
  @DisplayName("have the same labels whatever paths and methods clients choose")
  void haveBoundedLabels() {
    listen(apiPort);
    ask(apiPort, "GET", "/links/one");
    ask(apiPort, "GET", "/one");
    ask(apiPort, "METHOD", "/links/one");
    var before = httpMeters();
    for (var i = 0; i < 20; i++) {
      ask(apiPort, "GET", "/links/path" + i);
      ask(apiPort, "GET", "/path" + i + "?q=" + i);
      ask(apiPort, "METHOD" + i, "/links/path" + i);
    }

    assertThat(httpMeters()).hasSameElementsAs(before);
    assertThat(registry.getMeters())
        .flatExtracting(meter -> meter.getId().getTags())
        .extracting(Tag::getValue)
        .noneMatch(value -> value.contains("path") || value.contains("METHOD"));
  }

  @Test
  @DisplayName("have one gauge of the requests under way, whatever event loops serve them")
  void countRequestsOfAllEventLoops() {
    var held = new ConcurrentHashMap<HttpServerRequest, Thread>();
    var options = new HttpPort.PortOptions("127.0.0.1", apiPort, 10);
    for (var loop = 0; loop < 2; loop++) {
      vertx
          .deployVerticle(
              new VerticleBase() {
                @Override
                public Future<?> start() {
                  return HttpPort.listen(
                      vertx, options, request -> held.put(request, Thread.currentThread()));
                }
              })
          .await();
    }
    var client = vertx.createHttpClient(new PoolOptions().setHttp1MaxSize(4));
    for (var i = 0; i < 4; i++) {
      client.request(HttpMethod.GET, apiPort, "127.0.0.1", "/").compose(HttpClientRequest::send);
    }

    eventually("four requests are under way").until(() -> held.size() == 4);
    assertThat(Set.copyOf(held.values())).as("event loops").hasSize(2);
    var underWay = registry.get("vertx.http.server.active.requests").tag("port", "api").gauges();
    assertThat(underWay).extracting(Gauge::value).containsExactly(4.0);
    held.keySet().forEach(request -> request.response().end());
    eventually("no request is under way").until(() -> underWay.iterator().next().value() == 0);
  }

  private List<Meter.Id> httpMeters() {
    return registry.getMeters().stream()
        .map(Meter::getId)
        .filter(id -> id.getName().startsWith("vertx.http"))
        .toList();
  }
}
