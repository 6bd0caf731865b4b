package clicktide.deploy;

import clicktide.http.HttpPort;
import clicktide.http.Json;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * The health and metrics on the management port. {@code /health/ready} is 503 until every role has
 * worked once, and from the moment in which the process is told to stop. In between, an unavailable
 * store makes it "degraded" but leaves it 200: a load balancer must not drop nodes whose redirects
 * work. For any thread.
 */
final class Health {
  private static final long CHECK_MILLIS = 2_000;
  private static final Set<String> PATHS = Set.of("/health/live", "/health/ready", "/metrics");

  private final Vertx vertx;
  private final PrometheusMeterRegistry metrics;
  private final Map<String, Supplier<Future<?>>> checks = new ConcurrentHashMap<>();
  private final Map<String, Boolean> results = new ConcurrentHashMap<>();
  private final Map<String, Supplier<Optional<String>>> troubles = new ConcurrentSkipListMap<>();
  private final Map<String, BooleanSupplier> warnings = new ConcurrentSkipListMap<>();
  private volatile boolean started;
  private volatile boolean stopping;

  Health(Vertx vertx, PrometheusMeterRegistry metrics) {
    this.vertx = vertx;
    this.metrics = metrics;
  }

  /**
   * The body of a response: parts that do not answer, the reason per sink that counts nothing now,
   * warnings for the operator, and the version of the build.
   */
  record Status(
      String status,
      List<String> missing,
      Map<String, String> trouble,
      List<String> warnings,
      String version) {
    private static Status only(String status) {
      return new Status(status, List.of(), Map.of(), List.of(), Version.TEXT);
    }
  }

  /** Opens the port and starts the checks. */
  Future<HttpServer> listen(HttpPort.PortOptions place) {
    vertx.setPeriodic(0, CHECK_MILLIS, _ -> checks.forEach(this::check));
    return HttpPort.listen(vertx, place, this::answer);
  }

  /** Adds a part that the start waits for. It is missing until it is watched and answers. */
  void expect(String part) {
    results.put(part, false);
  }

  /** Adds a part that is checked now and every 2 s. It is missing until a check has succeeded. */
  void watch(String part, Supplier<Future<?>> check) {
    expect(part);
    checks.put(part, check);
    check(part, check);
    Gauge.builder("part_up", results, all -> all.getOrDefault(part, false) ? 1 : 0)
        .description("1 if a part that this process needs answers, else 0")
        .tag("part", part)
        .strongReference(true)
        .register(metrics);
  }

  /** Adds a part that is asked for the reason of its trouble, which is reported. */
  void ask(String part, Supplier<Optional<String>> trouble) {
    troubles.put(part, trouble);
  }

  /** Adds a warning about a state that works but that an operator should know. */
  void warn(String warning, BooleanSupplier isCurrent) {
    warnings.put(warning, isCurrent);
  }

  /** Reports from now on that every role has worked once. */
  void started() {
    started = true;
  }

  /** Reports from now on that the process stops. Returns true if it was ready until now. */
  boolean stop() {
    var wasReady = started && !stopping;
    stopping = true;
    return wasReady;
  }

  private void check(String part, Supplier<Future<?>> check) {
    check
        .get()
        .timeout(CHECK_MILLIS, TimeUnit.MILLISECONDS)
        .onComplete(outcome -> results.put(part, outcome.succeeded()));
  }

  private void answer(HttpServerRequest request) {
    if (PATHS.contains(request.path())) {
      request.routed(request.path()); // for the metrics of this port
    }
    switch (request.path()) {
      case "/health/live" -> json(request, 200, Status.only("ok"));
      case "/health/ready" -> ready(request);
      case "/metrics" ->
          request
              .response()
              .putHeader("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
              .end(metrics.scrape());
      default -> json(request, 404, Status.only("not found"));
    }
  }

  private void ready(HttpServerRequest request) {
    var missing =
        results.entrySet().stream()
            .filter(entry -> !entry.getValue())
            .map(Map.Entry::getKey)
            .sorted()
            .toList();
    var trouble = new TreeMap<String, String>();
    troubles.forEach((part, reason) -> reason.get().ifPresent(why -> trouble.put(part, why)));
    var current =
        warnings.entrySet().stream()
            .filter(entry -> entry.getValue().getAsBoolean())
            .map(Map.Entry::getKey)
            .toList();
    var isWell = missing.isEmpty() && trouble.isEmpty();
    var status = stopping ? "stopping" : !started ? "starting" : isWell ? "ok" : "degraded";
    var code = started && !stopping ? 200 : 503;
    json(request, code, new Status(status, missing, trouble, current, Version.TEXT));
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
