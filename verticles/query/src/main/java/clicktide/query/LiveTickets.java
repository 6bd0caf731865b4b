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
import clicktide.store.Retention;
import clicktide.store.Tickets;
import clicktide.time.TimeSource;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Base64;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Issues and checks tickets for live sockets, because a browser cannot send an API key with one. A
 * ticket opens one socket.
 */
final class LiveTickets {
  private static final Duration VALIDITY = Duration.ofSeconds(1);
  private static final String ADMINISTRATOR = "administrator";

  private final Tickets tickets;
  private final Owners owners;
  private final TimeSource time;
  private final RandomGenerator random;
  private final Cache<String, Future<Boolean>> validity;

  /** {@code random} must be cryptographically secure. */
  LiveTickets(Tickets tickets, Owners owners, TimeSource time, RandomGenerator random) {
    this.tickets = tickets;
    this.owners = owners;
    this.time = time;
    this.random = random;
    validity =
        Caffeine.newBuilder()
            .ticker(time::nanos)
            .maximumSize(10_000)
            .expireAfterWrite(VALIDITY)
            .build();
  }

  /** A ticket that opens one socket within 30 seconds. */
  record Ticket(String ticket, String expiresAt) {}

  /** Issues a ticket to the caller. */
  ApiResponse issue(ApiRequest call) {
    Fields.of(call.json()).finish();
    var bytes = new byte[32];
    random.nextBytes(bytes);
    var ticket = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    var holder =
        switch (call.caller()) {
          case Caller.Administrator _ -> ADMINISTRATOR;
          case Caller.Owner owner -> owner.id() + " " + owner.key();
        };
    Await.on(tickets.keep(hash(ticket), holder, Retention.TICKETS));
    return new ApiResponse(
        201, new Ticket(ticket, time.instant().plus(Retention.TICKETS).toString()), Map.of());
  }

  /**
   * Returns the caller that got the ticket; empty if the ticket was used, has expired or never was.
   */
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

  /** Completes with true as long as the key of the caller is valid, at most 1 s late. */
  Future<Boolean> isValid(Caller caller) {
    return switch (caller) {
      case Caller.Administrator _ -> Future.succeededFuture(true);
      case Caller.Owner owner ->
          validity.get(owner.key(), key -> owners.key(key).map(Optional::isPresent));
    };
  }

  private static String hash(String ticket) {
    return HexFormat.of().formatHex(ApiKey.hash(ticket));
  }
}
