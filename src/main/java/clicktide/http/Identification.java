package clicktide.http;

import clicktide.event.OwnerId;
import clicktide.link.Code;
import clicktide.net.ClientAddress;
import clicktide.net.Network;
import clicktide.store.Owners.Scope;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;

/**
 * The identification of callers, by their key or, without one, by their network. It decides which
 * limits apply to a call (E10, E12). For any thread.
 */
final class Identification {
  static final int MAX_CALLS_PER_CALLER = 32;
  static final int MAX_CALLS_PER_NETWORK = 8; // without a key
  private static final int MAX_CALLS = 256;
  private static final int MAX_CALLS_OF_STRANGERS = 32;
  private static final int MAX_BATCHES = 16; // a batch has up to 1,000 events
  private static final int MAX_BATCHES_PER_CALLER = 8;

  private final Access access;
  private final RateLimits limits;
  private final ClientAddress addresses;
  private final Admission<OwnerId> calls =
      new Admission<>("calls", MAX_CALLS, MAX_CALLS_PER_CALLER);
  private final Admission<OwnerId> batches =
      new Admission<>("calls", MAX_BATCHES, MAX_BATCHES_PER_CALLER);
  private final Admission<Optional<Network>> strangers =
      new Admission<>("calls", MAX_CALLS_OF_STRANGERS, MAX_CALLS_PER_NETWORK);

  Identification(Access access, RateLimits limits, ClientAddress addresses) {
    this.access = access;
    this.limits = limits;
    this.addresses = addresses;
  }

  /**
   * A caller, the network of one without a key, its rate limit after this call, and its permit,
   * which admits nothing yet.
   */
  record Identified(
      Caller caller,
      Optional<Network> network,
      Optional<RateLimits.Quota> quota,
      Admission<?>.Permit permit) {}

  /**
   * Identifies the caller and counts the call. Without a scope the call needs no key. Fails with a
   * problem of 401 or 403.
   */
  Future<Identified> of(RoutingContext context, Optional<Scope> scope) {
    return scope
        .map(needed -> byKey(context, needed))
        .orElseGet(() -> Future.succeededFuture(byNetwork(context)));
  }

  private Future<Identified> byKey(RoutingContext context, Scope scope) {
    var header = Optional.ofNullable(context.request().getHeader("authorization"));
    var admission = scope == Scope.COLLECT ? batches : calls;
    return access
        .caller(header.orElse(""), scope)
        .map(
            caller ->
                new Identified(
                    caller,
                    Optional.empty(),
                    limits.use(caller),
                    admission.permit(caller.share())));
  }

  private Identified byNetwork(RoutingContext context) {
    var request = context.request();
    var peer = String.valueOf(request.remoteAddress().hostAddress());
    var forwarded = request.headers().getAll("x-forwarded-for");
    var network = Network.ofClient(addresses.of(peer, forwarded));
    var code = Optional.ofNullable(context.pathParam("code")).filter(Code::isValid).orElse("");
    return new Identified(
        Caller.anybody(), network, limits.use(network, code), strangers.permit(network));
  }
}
