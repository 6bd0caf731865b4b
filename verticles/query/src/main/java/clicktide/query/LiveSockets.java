package clicktide.query;

import clicktide.http.Caller;
import clicktide.http.Problem;
import clicktide.http.ResponseWriter;
import clicktide.query.LiveSession.SessionParts;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens a live socket for a ticket, with a checked origin and bounded numbers (E9, G17). */
final class LiveSockets {
  private static final Logger log = LoggerFactory.getLogger(LiveSockets.class);

  private final ResponseWriter responses;
  private final SessionParts parts;
  private final SocketQuota quota = new SocketQuota();

  LiveSockets(ResponseWriter responses, SessionParts parts, MeterRegistry metrics) {
    this.responses = responses;
    this.parts = parts;
    Gauge.builder("live_sockets_open", quota, SocketQuota::open)
        .description("Open live sockets of this process")
        .strongReference(true)
        .register(metrics);
  }

  /** Answers the request with a socket, or with a problem. */
  void open(RoutingContext context) {
    var request = context.request();
    var origin = request.getHeader("origin");
    if (origin != null
        && !origin.replaceFirst("^https?://", "").equals(request.getHeader("host"))) {
      responses.write(context, Problem.forbidden("`Origin` must be the host of this API."));
      return;
    }
    request.pause();
    parts
        .tickets()
        .take(Optional.ofNullable(request.getParam("ticket")).orElse(""))
        .onFailure(
            _ ->
                responses.write(
                    context, Problem.unavailable("Tickets cannot be checked at the moment.")))
        .onSuccess(
            holder ->
                holder.ifPresentOrElse(
                    caller -> accept(context, caller),
                    () ->
                        responses.write(
                            context,
                            Problem.unauthorized(
                                "`ticket` must be a ticket that is not used and not older than 30 seconds."))));
  }

  private void accept(RoutingContext context, Caller caller) {
    var exceeded = quota.enter(caller);
    if (exceeded.isPresent()) {
      responses.write(context, exceeded.get());
      return;
    }
    context
        .request()
        .toWebSocket()
        .onSuccess(socket -> start(context, socket, caller))
        .onFailure(
            _ -> {
              quota.leave(caller);
              responses.write(
                  context,
                  Problem.malformed("not_a_websocket", "The request must open a WebSocket."));
            });
  }

  private void start(RoutingContext context, ServerWebSocket socket, Caller caller) {
    try {
      new LiveSession(parts, context.request().connection(), socket, caller)
          .start(() -> quota.leave(caller));
    } catch (IllegalStateException closed) {
      log.debug("A socket closed before it was started", closed);
      quota.leave(caller);
    }
  }
}
