package clicktide.query;

import clicktide.event.OwnerId;
import clicktide.http.ApiKey;
import clicktide.http.ApiRequest;
import clicktide.http.ApiResponse;
import clicktide.http.Caller;
import clicktide.http.Fields;
import clicktide.store.Await;
import clicktide.store.Owners;
import clicktide.store.Owners.Scope;
import clicktide.store.Tickets;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.vertx.core.Future;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;

/** Tickets for sockets: browsers cannot send a key with one. Each opens one socket, once. */
final class LiveTickets {
  private static final Duration LIFE = Duration.ofSeconds(30);
  private static final Duration CHECKED = Duration.ofSeconds(1);
  private static final String ADMINISTRATOR = "administrator";
  private static final SecureRandom RANDOM = new SecureRandom();

  private final Tickets tickets;
  private final Owners owners;
  private final InstantSource clock;
  private final Cache<String, Future<Boolean>> checked =
      Caffeine.newBuilder().maximumSize(10_000).expireAfterWrite(CHECKED).build();

  LiveTickets(Tickets tickets, Owners owners, InstantSource clock) {
    this.tickets = tickets;
    this.owners = owners;
    this.clock = clock;
  }

  /** Opens one socket within 30 seconds. */
  record Ticket(String ticket, String expiresAt) {}

  ApiResponse give(ApiRequest call) {
    Fields.of(call.json()).finish();
    var random = new byte[32];
    RANDOM.nextBytes(random);
    var ticket = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    var holder =
        switch (call.caller()) {
          case Caller.Administrator _ -> ADMINISTRATOR;
          case Caller.Owner owner -> owner.id() + " " + owner.key();
        };
    Await.on(tickets.keep(hash(ticket), holder, LIFE));
    return new ApiResponse(
        201, new Ticket(ticket, clock.instant().plus(LIFE).toString()), Map.of());
  }

  /** Whose it is, the first time; empty if it is no ticket any more. */
  Future<Optional<Caller>> take(String ticket) {
    return tickets.take(hash(ticket)).map(holder -> holder.map(LiveTickets::caller));
  }

  private static Caller caller(String holder) {
    if (holder.equals(ADMINISTRATOR)) {
      return new Caller.Administrator();
    }
    var words = holder.split(" ", -1);
    var owner = OwnerId.parse(words[0]).orElseThrow();
    return new Caller.Owner(owner, words[1], EnumSet.of(Scope.ANALYTICS_READ));
  }

  /** Whether the key that got the ticket may still be used. */
  Future<Boolean> isValid(Caller caller) {
    return switch (caller) {
      case Caller.Administrator _ -> Future.succeededFuture(true);
      case Caller.Owner owner ->
          checked.get(owner.key(), key -> owners.key(key).map(Optional::isPresent));
    };
  }

  private static String hash(String ticket) {
    return HexFormat.of().formatHex(ApiKey.hash(ticket));
  }
}
