package clicktide.redirect;

import clicktide.buffer.Journal;
import clicktide.http.HttpPort;
import clicktide.link.Link;
import clicktide.net.ClientAddress;
import clicktide.replica.LinkMap;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * The server of short links on one event loop. It answers known links from memory. The click is in
 * the journal before the first byte of the answer leaves. Nothing here waits for a disk, the log or
 * a store (A1, A2).
 */
public final class RedirectVerticle extends VerticleBase {
  private static final CharSequence NO_STORE = HttpHeaders.createOptimized("private, no-store");
  private static final CharSequence NO_INDEX = HttpHeaders.createOptimized("noindex");
  private static final CharSequence ROBOTS = HttpHeaders.createOptimized("x-robots-tag");
  private static final CharSequence ZERO = HttpHeaders.createOptimized("0");

  private final HttpPort.PortOptions place;
  private final Journal journal;
  private final LinkResolver resolver;
  private final ClickFactory clicks;
  private final Clocks clocks;
  private final MeterRegistry metrics;
  private final AnswerTimers timers;
  private final Counter answered;
  private ClickRecorder recorder;
  private HttpServer server;

  /** The corrected clock of this node, the same without corrections, and monotonic nanoseconds. */
  public record Clocks(InstantSource now, InstantSource uncorrected, LongSupplier nanos) {}

  public RedirectVerticle(
      HttpPort.PortOptions place,
      Journal journal,
      LinkMap links,
      LinkLookup lookup,
      ClientAddress addresses,
      Clocks clocks,
      MeterRegistry metrics) {
    this.place = place;
    this.journal = journal;
    resolver = new LinkResolver(links, lookup, addresses);
    clicks = new ClickFactory(journal.lane(), addresses, links::isOwnTraffic, clocks.uncorrected());
    this.clocks = clocks;
    this.metrics = metrics;
    timers = new AnswerTimers(metrics);
    answered = metrics.counter("redirects");
  }

  @Override
  public Future<?> start() {
    recorder = new ClickRecorder(vertx, journal, clicks, metrics);
    var plain = new PlainRedirects(resolver, recorder, clocks, timers, answered);
    return HttpPort.listen(vertx, place, plain, this::handle)
        .onSuccess(listening -> server = listening);
  }

  /** Returns the port after the start; the system chooses it if the settings say 0. */
  int port() {
    return server.actualPort();
  }

  @Override
  public Future<?> stop() {
    return server == null ? Future.succeededFuture() : server.close();
  }

  private void handle(HttpServerRequest request) {
    var begun = clocks.nanos().getAsLong();
    var method = request.method();
    if (!method.equals(HttpMethod.GET) && !method.equals(HttpMethod.HEAD)) {
      request.response().putHeader("Allow", "GET, HEAD");
      answer(request, VisitorPage.METHOD_NOT_ALLOWED, begun);
      return;
    }
    answer(request, resolver.resolve(new ServerRequest(request)), begun);
  }

  private void answer(HttpServerRequest request, Resolution resolution, long begun) {
    switch (resolution) {
      case Resolution.Match(Link link, String code) -> follow(request, link, code, begun);
      case Resolution.NoLink reason -> answer(request, VisitorPage.of(reason), begun);
      case Resolution.Pending(var outcome) ->
          outcome.get().onSuccess(resolved -> answer(request, resolved, begun));
    }
  }

  private void answer(HttpServerRequest request, VisitorPage page, long begun) {
    page.answer(request);
    timers.record(page.status(), clocks.nanos().getAsLong() - begun);
  }

  /** Records the click under {@code code}, then redirects. */
  private void follow(HttpServerRequest request, Link link, String code, long begun) {
    var now = clocks.now().instant();
    switch (link.answerAt(now)) {
      case REDIRECT -> {
        recorder.record(new ServerRequest(request), link, code, now);
        if (link.rules().destination().isEmpty()) {
          answer(request, VisitorPage.NOT_FOUND, begun);
        } else {
          answered.increment();
          redirect(request, link);
          timers.record(link.rules().status(), clocks.nanos().getAsLong() - begun);
        }
      }
      case NOT_YET -> answer(request, VisitorPage.NOT_FOUND, begun);
      case GONE -> answer(request, VisitorPage.GONE, begun);
    }
  }

  private static void redirect(HttpServerRequest request, Link link) {
    var response = request.response().setStatusCode(link.rules().status());
    response
        .headers()
        .add(HttpHeaders.LOCATION, RedirectLocation.location(link.rules(), request.uri()))
        .add(HttpHeaders.CACHE_CONTROL, NO_STORE)
        .add(ROBOTS, NO_INDEX)
        .add(HttpHeaders.CONTENT_LENGTH, ZERO);
    response.end();
  }
}
