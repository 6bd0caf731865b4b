package clicktide.http;

import clicktide.event.OwnerId;
import clicktide.net.ClientAddress;
import clicktide.store.Owners.Scope;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/** The routes of the API port. Endpoints run on virtual threads and may wait. */
public final class Api {
  private static final int MAX_BODY_BYTES = 64 << 20; // of the bodies that arrive
  private static final int MAX_BODY_BYTES_PER_CALLER = 16 << 20;
  private static final Duration BODY_DEADLINE = Duration.ofSeconds(10);
  private static final long REFUSAL_MILLIS = 250;

  private final Router router;
  private final Identification identification;
  private final Contract contract;
  private final ResponseWriter responses;
  private final Admission<OwnerId> bodies =
      new Admission<>("bytes of bodies", MAX_BODY_BYTES, MAX_BODY_BYTES_PER_CALLER);

  /** {@code addresses} finds the clients of calls without a key. */
  public Api(
      Router router,
      Access access,
      RateLimits limits,
      ClientAddress addresses,
      Contract contract,
      RandomGenerator random) {
    this.router = router;
    this.identification = new Identification(access, limits, addresses);
    this.contract = contract;
    this.responses = new ResponseWriter(random);
    contract.serve(router);
    for (var status : new int[] {400, 404, 405, 414, 415, 500}) {
      router.errorHandler(
          status,
          context -> responses.write(context, ResponseWriter.problemOf(status, context.failure())));
    }
  }

  /** A route: without a scope, callers need no key. */
  private record Operation(
      Optional<Scope> scope, int weight, Set<String> parameters, Endpoint endpoint) {}

  /** A function that answers a call, or raises a {@link Problem}. */
  public interface Endpoint {
    ApiResponse answer(ApiRequest request);
  }

  public void get(String path, Scope scope, Endpoint endpoint) {
    route(HttpMethod.GET, path, scope, endpoint);
  }

  /** Adds a route without a key. Its callers are limited by network. */
  public void open(String path, Endpoint endpoint) {
    route(HttpMethod.GET, path, Optional.empty(), 1, endpoint);
  }

  public void post(String path, Scope scope, Endpoint endpoint) {
    route(HttpMethod.POST, path, scope, endpoint);
  }

  /** Adds a route whose calls count as {@code weight} concurrent calls. */
  public void post(String path, Scope scope, int weight, Endpoint endpoint) {
    route(HttpMethod.POST, path, Optional.of(scope), weight, endpoint);
  }

  public void put(String path, Scope scope, Endpoint endpoint) {
    route(HttpMethod.PUT, path, scope, endpoint);
  }

  public void patch(String path, Scope scope, Endpoint endpoint) {
    route(HttpMethod.PATCH, path, scope, endpoint);
  }

  public void delete(String path, Scope scope, Endpoint endpoint) {
    route(HttpMethod.DELETE, path, scope, endpoint);
  }

  /** Returns the router, for routes of another kind: the dashboard and the socket. */
  public Router router() {
    return router;
  }

  /** Returns the writer of problems, for routes of another kind. */
  public ResponseWriter responses() {
    return responses;
  }

  private void route(HttpMethod method, String path, Scope scope, Endpoint endpoint) {
    route(method, path, Optional.of(scope), 1, endpoint);
  }

  private void route(
      HttpMethod method, String path, Optional<Scope> scope, int weight, Endpoint endpoint) {
    var operation =
        new Operation(scope, weight, contract.parameters(method, path, scope), endpoint);
    router.route(method, path).handler(context -> begin(context, operation));
  }

  /** Finds the caller before the body is read, so that a stranger cannot make the API read it. */
  private void begin(RoutingContext context, Operation operation) {
    var request = context.request();
    if (request.method().equals(HttpMethod.GET) && HttpPort.hasBody(request)) {
      responses.write(context, Problem.malformed("unexpected_body", "`GET` cannot have a body."));
      return;
    }
    request.pause(); // the look-up of the key may wait for the store
    identification
        .of(context, operation.scope())
        .onSuccess(
            identified -> {
              if (!context.response().closed()) { // else the client has gone
                read(context, operation, identified);
              }
            })
        .onFailure(failure -> fail(context, failure));
  }

  /** Reads the body of a call within the rate limit. The permit is needed after the body only. */
  private void read(
      RoutingContext context, Operation operation, Identification.Identified identified) {
    var quota = identified.quota();
    quota.ifPresent(known -> known.headers().forEach(context.response()::putHeader));
    var exceeded = quota.flatMap(RateLimits.Quota::problem);
    if (exceeded.isPresent()) {
      refuse(context, exceeded.get());
      return;
    }
    var caller = identified.caller();
    var room = bodies.permit(caller.share());
    RequestBody.read(context.vertx(), context.request(), BODY_DEADLINE, room)
        .map(body -> ApiRequest.of(context, identified, operation.parameters(), body))
        .onSuccess(request -> enter(context, operation, request, identified.permit()))
        .onFailure(failure -> fail(context, failure));
  }

  private void enter(
      RoutingContext context, Operation operation, ApiRequest request, Admission<?>.Permit permit) {
    permit
        .add(operation.weight())
        .ifPresentOrElse(
            problem -> refuse(context, problem),
            () -> answer(context, request, operation.endpoint(), permit));
  }

  private void fail(RoutingContext context, Throwable failure) {
    responses.write(context, ResponseWriter.problemOf(failure));
  }

  /** Answers after a pause: a client that tries again at once would cost more than its answers. */
  private void refuse(RoutingContext context, Problem problem) {
    context.vertx().setTimer(REFUSAL_MILLIS, _ -> responses.write(context, problem));
  }

  /**
   * Runs the endpoint on a virtual thread. The thread gets an immutable request and gives back a
   * response; the routing context stays on the event loop, because it is not thread-safe.
   */
  private void answer(
      RoutingContext context, ApiRequest request, Endpoint endpoint, Admission<?>.Permit permit) {
    var loop = context.vertx().getOrCreateContext();
    Thread.ofVirtual()
        .name("api")
        .start(
            () -> {
              try {
                var response = request.conditional(endpoint.answer(request));
                var bytes = response.bytes();
                loop.runOnContext(_ -> ResponseWriter.write(context, response, bytes));
              } catch (Throwable failure) { // also an Error: nothing else would end the exchange
                var problem = ResponseWriter.problemOf(failure);
                loop.runOnContext(_ -> responses.write(context, problem));
              } finally {
                permit.release();
              }
            });
  }
}
