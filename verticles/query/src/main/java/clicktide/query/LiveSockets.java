package clicktide.query;

import clicktide.event.OwnerId;
import clicktide.http.Caller;
import clicktide.http.Json;
import clicktide.http.Problem;
import clicktide.http.ResponseWriter;
import clicktide.replica.LinkMap;
import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** Opens a live socket for a ticket, with a checked origin and bounded numbers (E9, G17). */
final class LiveSockets {
  private static final long PING_MILLIS = 10_000;
  private static final long CHECK_MILLIS = 2_000;
  private static final short POLICY_VIOLATION = 1008;
  private static final int MOST_SOCKETS = 2_000;
  private static final int MOST_SUBSCRIPTIONS = 20;

  private final Vertx vertx;
  private final ResponseWriter responses;
  private final LiveHub hub;
  private final LinkMap links;
  private final LiveTickets tickets;
  private final AtomicInteger open = new AtomicInteger();

  LiveSockets(
      Vertx vertx, ResponseWriter responses, LiveHub hub, LinkMap links, LiveTickets tickets) {
    this.responses = responses;
    this.vertx = vertx;
    this.hub = hub;
    this.links = links;
    this.tickets = tickets;
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
    if (open.get() >= MOST_SOCKETS) {
      responses.write(context, Problem.unavailable("Too many live sockets are open."));
      return;
    }
    request.pause();
    tickets
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
    context
        .request()
        .toWebSocket()
        .onSuccess(socket -> new Session(socket, caller).start())
        .onFailure(
            _ ->
                responses.write(
                    context,
                    Problem.malformed("not_a_websocket", "The request must open a WebSocket.")));
  }

  /** One open socket. Its events arrive on one context. */
  private final class Session {
    private final ServerWebSocket socket;
    private final Caller caller;
    private final Map<Watched, Subscription> subscriptions = new HashMap<>();

    private Session(ServerWebSocket socket, Caller caller) {
      this.socket = socket;
      this.caller = caller;
    }

    private void start() {
      open.incrementAndGet();
      var pings = vertx.setPeriodic(PING_MILLIS, _ -> ping());
      var checks = vertx.setPeriodic(CHECK_MILLIS, _ -> check());
      socket.closeHandler(
          _ -> {
            open.decrementAndGet();
            vertx.cancelTimer(pings);
            vertx.cancelTimer(checks);
            subscriptions.forEach(hub::leave);
          });
      socket.textMessageHandler(this::receive);
      socket.binaryMessageHandler(_ -> refuse(null, "not_text", "A message must be a text."));
    }

    private void ping() {
      if (!socket.isClosed()) {
        socket.writePing(Buffer.buffer());
      }
    }

    /** Closes the socket if its key was revoked or has expired. */
    private void check() {
      tickets
          .isValid(caller)
          .onSuccess(
              isValid -> {
                if (!isValid && !socket.isClosed()) {
                  refuse(null, "unauthorized", "The API key of this socket is not valid any more.");
                  socket.close(POLICY_VIOLATION);
                }
              });
    }

    private void receive(String text) {
      try {
        act(Json.parse(text.getBytes(StandardCharsets.UTF_8)));
      } catch (Problem.Raised raised) {
        refuse(null, raised.problem().code(), raised.problem().detail());
      }
    }

    private void act(JsonNode message) {
      var id = id(message.path("id"));
      var watched = watched(message);
      switch (message.path("type").asText("")) {
        case "subscribe" ->
            watched.ifPresentOrElse(
                found -> subscribe(id, found),
                () -> refuse(id, "not_found", "The link or the owner does not exist."));
        case "unsubscribe" -> watched.ifPresent(this::unsubscribe);
        default -> refuse(id, "unknown_type", "`type` must be `subscribe` or `unsubscribe`.");
      }
    }

    private static Object id(JsonNode id) {
      return id.isIntegralNumber()
          ? (Object) id.longValue()
          : id.isTextual() ? id.textValue() : null;
    }

    private Optional<Watched> watched(JsonNode message) {
      if (message.path("link").isTextual()) {
        return links
            .get(message.path("link").textValue())
            .filter(link -> !link.isDeleted() && caller.sees(link.owner()))
            .map(link -> new Watched.WatchedLink(link.id(), link.code()));
      }
      return OwnerId.parse(message.path("owner").asText(""))
          .filter(caller::sees)
          .map(Watched.WatchedOwner::new);
    }

    private void subscribe(Object id, Watched watched) {
      if (subscriptions.size() >= MOST_SUBSCRIPTIONS) {
        refuse(
            id,
            "too_many_subscriptions",
            "A socket cannot have more than %d subscriptions.".formatted(MOST_SUBSCRIPTIONS));
        return;
      }
      unsubscribe(watched); // a second subscription replaces the first one
      var subscription = new Subscription(id, socket, links::codeOf);
      subscriptions.put(watched, subscription);
      hub.watch(watched, subscription);
    }

    private void unsubscribe(Watched watched) {
      var subscription = subscriptions.remove(watched);
      if (subscription != null) {
        hub.leave(watched, subscription);
      }
    }

    private void refuse(Object id, String code, String detail) {
      if (socket.isClosed() || socket.writeQueueFull()) {
        socket.close(POLICY_VIOLATION); // the client sends and does not read
        return;
      }
      socket.writeTextMessage(
          new String(Json.write(LiveMessage.error(id, code, detail)), StandardCharsets.UTF_8));
    }
  }
}
