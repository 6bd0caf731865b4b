package clicktide.deploy;

import clicktide.http.HttpPort;
import clicktide.http.Json;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * The management port. Ready is 503 until everything could do its work once; later a missing store
 * leaves it 200 and "degraded", because a balancer that drops redirect nodes would break them, too.
 */
final class Health {
  private static final long CHECK_MILLIS = 2_000;

  private final Vertx vertx;
  private final PrometheusMeterRegistry metrics;
  private final Map<String, Supplier<Future<?>>> checks = new ConcurrentHashMap<>();
  private final Map<String, Boolean> answers = new ConcurrentHashMap<>();
  private volatile boolean started;

  Health(Vertx vertx, PrometheusMeterRegistry metrics) {
    this.vertx = vertx;
    this.metrics = metrics;
  }

  /** What the answer says. */
  record Status(String status, List<String> missing) {}

  Future<HttpServer> listen(HttpPort.Place place) {
    vertx.setPeriodic(0, CHECK_MILLIS, _ -> checks.forEach(this::check));
    return HttpPort.listen(vertx, place, this::answer);
  }

  /** A part that is asked now and then whether it answers. */
  void watch(String part, Supplier<Future<?>> check) {
    checks.put(part, check);
  }

  /** Every role could do its work once. */
  void started() {
    started = true;
  }

  private void check(String part, Supplier<Future<?>> check) {
    check
        .get()
        .timeout(CHECK_MILLIS, TimeUnit.MILLISECONDS)
        .onComplete(outcome -> answers.put(part, outcome.succeeded()));
  }

  private void answer(HttpServerRequest request) {
    switch (request.path()) {
      case "/health/live" -> json(request, 200, new Status("ok", List.of()));
      case "/health/ready" -> ready(request);
      case "/metrics" ->
          request
              .response()
              .putHeader("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
              .end(metrics.scrape());
      default -> json(request, 404, new Status("not found", List.of()));
    }
  }

  private void ready(HttpServerRequest request) {
    var missing =
        answers.entrySet().stream()
            .filter(entry -> !entry.getValue())
            .map(Map.Entry::getKey)
            .sorted()
            .toList();
    if (!started) {
      json(request, 503, new Status("starting", missing));
    } else {
      json(request, 200, new Status(missing.isEmpty() ? "ok" : "degraded", missing));
    }
  }

  private static void json(HttpServerRequest request, int status, Object body) {
    request
        .response()
        .setStatusCode(status)
        .putHeader("Content-Type", "application/json")
        .putHeader("Cache-Control", "no-store")
        .end(Buffer.buffer(Json.write(body)));
  }
}
