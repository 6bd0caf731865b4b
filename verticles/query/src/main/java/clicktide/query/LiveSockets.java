package clicktide.query;

import clicktide.event.OwnerId;
import clicktide.http.Api;
import clicktide.http.ApiKey;
import clicktide.http.Call;
import clicktide.http.Caller;
import clicktide.http.Fields;
import clicktide.http.Json;
import clicktide.http.Problem;
import clicktide.http.Reply;
import clicktide.store.Await;
import clicktide.store.LinkMap;
import clicktide.store.Owners.Scope;
import clicktide.store.Tickets;
import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** Gives out tickets and opens sockets for them: checked origin, bounded numbers (E9, G17). */
final class LiveSockets {
  private static final Duration TICKET_LIFE = Duration.ofSeconds(30);
  private static final long PING_MILLIS = 10_000;
  private static final short POLICY_VIOLATION = 1008;
  private static final int MOST_SOCKETS = 2_000;
  private static final int MOST_SUBSCRIPTIONS = 20;
  private static final String ADMINISTRATOR = "administrator";
  private static final SecureRandom RANDOM = new SecureRandom();

  private final Vertx vertx;
  private final LiveHub hub;
  private final LinkMap links;
  private final Tickets tickets;
  private final InstantSource clock;
  private final AtomicInteger open = new AtomicInteger();

  LiveSockets(Vertx vertx, LiveHub hub, LinkMap links, Tickets tickets, InstantSource clock) {
    this.vertx = vertx;
    this.hub = hub;
    this.links = links;
    this.tickets = tickets;
    this.clock = clock;
  }

  /** Opens one socket, once, within 30 seconds. */
  record Ticket(String ticket, String expiresAt) {}

  Reply ticket(Call call) {
    call.allow();
    Fields.of(call.json()).finish();
    var random = new byte[32];
    RANDOM.nextBytes(random);
    var ticket = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    var holder =
        switch (call.caller()) {
          case Caller.Administrator _ -> ADMINISTRATOR;
          case Caller.Owner owner -> owner.id().toString();
        };
    Await.on(tickets.keep(hash(ticket), holder, TICKET_LIFE));
    var made = new Ticket(ticket, clock.instant().plus(TICKET_LIFE).toString());
    return new Reply(201, made, Map.of());
  }

  private static String hash(String ticket) {
    return HexFormat.of().formatHex(ApiKey.hash(ticket));
  }

  void open(RoutingContext context) {
    var request = context.request();
    var origin = request.getHeader("origin");
    if (origin != null
        && !origin.replaceFirst("^https?://", "").equals(request.getHeader("host"))) {
      Api.answer(context, Problem.forbidden("Pages of other hosts may not open this socket."));
      return;
    }
    if (open.get() >= MOST_SOCKETS) {
      Api.answer(context, Problem.unavailable("Too many live sockets are open."));
      return;
    }
    request.pause();
    tickets
        .take(hash(Optional.ofNullable(request.getParam("ticket")).orElse("")))
        .onFailure(_ -> Api.answer(context, Problem.unavailable("Tickets cannot be checked now.")))
        .onSuccess(
            holder ->
                holder.ifPresentOrElse(
                    who -> accept(context, caller(who)),
                    () -> Api.answer(context, Problem.unauthorized("The ticket is not valid."))));
  }

  private static Caller caller(String holder) {
    return OwnerId.parse(holder)
        .<Caller>map(owner -> new Caller.Owner(owner, EnumSet.of(Scope.ANALYTICS_READ)))
        .orElseGet(Caller.Administrator::new);
  }

  private void accept(RoutingContext context, Caller caller) {
    context
        .request()
        .toWebSocket()
        .onSuccess(socket -> new Session(socket, caller).start())
        .onFailure(
            _ ->
                Api.answer(
                    context, Problem.malformed("not_a_websocket", "Open this with a WebSocket.")));
  }

  /** One open socket. Its events come on one context. */
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
      socket.closeHandler(
          _ -> {
            open.decrementAndGet();
            vertx.cancelTimer(pings);
            subscriptions.forEach(hub::leave);
          });
      socket.textMessageHandler(this::heard);
      socket.binaryMessageHandler(_ -> refuse(null, "not_text", "Messages are JSON texts."));
    }

    private void ping() {
      if (!socket.isClosed()) {
        socket.writePing(Buffer.buffer());
      }
    }

    private void heard(String text) {
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
                () -> refuse(id, "not_found", "There is no such link or owner."));
        case "unsubscribe" -> watched.ifPresent(this::unsubscribe);
        default -> refuse(id, "unknown_type", "The type is subscribe or unsubscribe.");
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
            .map(link -> new Watched.OneLink(link.id(), link.code()));
      }
      return OwnerId.parse(message.path("owner").asText(""))
          .filter(caller::sees)
          .map(Watched.AllOf::new);
    }

    private void subscribe(Object id, Watched watched) {
      if (subscriptions.size() >= MOST_SUBSCRIPTIONS) {
        refuse(
            id, "too_many_subscriptions", "A socket has at most %d.".formatted(MOST_SUBSCRIPTIONS));
        return;
      }
      unsubscribe(watched); // a second one replaces the first
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
        socket.close(POLICY_VIOLATION); // it talks and does not listen
        return;
      }
      socket.writeTextMessage(
          new String(Json.write(LiveMessage.error(id, code, detail)), StandardCharsets.UTF_8));
    }
  }
}
