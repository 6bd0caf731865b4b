package clicktide.query;

import clicktide.event.OwnerId;
import clicktide.http.Caller;
import clicktide.http.HttpPort;
import clicktide.http.Json;
import clicktide.http.Problem;
import clicktide.replica.LinkMap;
import clicktide.store.AnalyticsTarget;
import clicktide.time.TimeSource;
import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.WebSocketFrame;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * One open socket with its subscriptions. It is read only while its write queue has room. Its
 * events arrive on one context.
 */
final class LiveSession {
  private static final long CHECK_MILLIS = 2_000;
  private static final int CHECKS_PER_PING = 5;
  private static final long CLOSE_MILLIS = 1_000;
  private static final int MOST_SUBSCRIPTIONS = 20;

  private final SessionParts parts;
  private final HttpConnection connection;
  private final ServerWebSocket socket;
  private final Caller caller;
  private final Context context;
  private final FrameLimits limits;
  private final Map<Watched, Subscription> subscriptions = new HashMap<>();
  private int checks;
  private boolean isClosing;

  /** The parts that all sessions share. */
  record SessionParts(
      Vertx vertx, LiveHub hub, LinkMap links, LiveTickets tickets, TimeSource time) {}

  /** To be called on the context of the socket. */
  LiveSession(
      SessionParts parts, HttpConnection connection, ServerWebSocket socket, Caller caller) {
    this.connection = connection;
    this.parts = parts;
    this.socket = socket;
    this.caller = caller;
    this.context = parts.vertx.getOrCreateContext();
    this.limits = new FrameLimits(parts.time);
  }

  /**
   * Reads messages, and runs {@code closed} when the connection has ended. {@link
   * IllegalStateException} if it has ended already.
   */
  void start(Runnable closed) {
    socket.closeHandler(
        _ -> {
          leave();
          closed.run();
        });
    socket.textMessageHandler(this::receive);
    socket.binaryMessageHandler(_ -> refuse(null, "not_text", "A message must be a text."));
    socket.frameHandler(this::inspect);
    socket.drainHandler(_ -> resume());
    socket.shutdownHandler(_ -> close(FrameLimits.SERVICE_RESTART));
    parts.vertx.setPeriodic(CHECK_MILLIS, this::check);
  }

  /** Counts a frame after its message was handled, and reads no further while the queue is full. */
  private void inspect(WebSocketFrame frame) {
    if (isClosing || socket.isClosed()) {
      return;
    }
    var code =
        switch (frame.type()) {
          case PING, PONG -> limits.control();
          default -> limits.part(frame.binaryData().length(), frame.isFinal());
        };
    code.ifPresent(number -> close((short) number));
    if (socket.writeQueueFull()) {
      pause();
    }
  }

  /** Pauses later, because after this call Vert.x asks for the frame that follows a ping. */
  private void pause() {
    context.runOnContext(
        _ -> {
          if (isClosing || !socket.isClosed() && socket.writeQueueFull()) {
            socket.pause();
          }
        });
  }

  private void resume() {
    limits.read();
    if (!isClosing) {
      socket.resume();
    }
  }

  private void leave() {
    subscriptions.forEach(parts.hub::leave);
    subscriptions.clear();
  }

  /**
   * Closes the socket. Vert.x waits until the client has read everything that was written. A client
   * that does not read would keep the connection, so the connection ends after a second.
   */
  private void close(short code) {
    if (isClosing) {
      return;
    }
    isClosing = true;
    leave();
    pause();
    socket.close(code);
    parts.vertx.setTimer(CLOSE_MILLIS, _ -> HttpPort.abort(connection));
  }

  /** Closes the socket if its client does not read, or if its key was revoked or has expired. */
  private void check(long timer) {
    if (isClosing || socket.isClosed()) {
      parts.vertx.cancelTimer(timer);
      return;
    }
    if (++checks % CHECKS_PER_PING == 0) {
      socket.writePing(Buffer.buffer());
    }
    if (!socket.writeQueueFull()) {
      resume();
    } else if (limits.isStalled()) {
      close(FrameLimits.POLICY_VIOLATION);
      return;
    }
    parts.tickets.isValid(caller).onSuccess(isValid -> context.runOnContext(_ -> keep(isValid)));
  }

  private void keep(boolean isValid) {
    if (!isValid) {
      refuse(null, "unauthorized", "The API key of this socket is not valid any more.");
      close(FrameLimits.POLICY_VIOLATION);
    }
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
    return id.isIntegralNumber() ? (Object) id.longValue() : id.isTextual() ? id.textValue() : null;
  }

  private Optional<Watched> watched(JsonNode message) {
    if (message.path("link").isTextual()) {
      return parts
          .links
          .get(message.path("link").textValue())
          .filter(link -> !link.isDeleted() && caller.sees(link.owner()))
          .map(link -> new Watched.WatchedLink(AnalyticsTarget.LinkTarget.of(link), link.code()));
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
    var subscription = new Subscription(id, socket, parts.links::codeOf);
    subscriptions.put(watched, subscription);
    parts.hub.watch(watched, subscription);
  }

  private void unsubscribe(Watched watched) {
    var subscription = subscriptions.remove(watched);
    if (subscription != null) {
      parts.hub.leave(watched, subscription);
    }
  }

  private void refuse(Object id, String code, String detail) {
    if (!isClosing && !socket.isClosed()) {
      socket.writeTextMessage(
          new String(Json.write(LiveMessage.error(id, code, detail)), StandardCharsets.UTF_8));
    }
  }
}
