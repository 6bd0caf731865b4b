package clicktide.http;

import clicktide.store.Owners.Scope;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/** The routes of the API port. Endpoints run on virtual threads and may wait. */
public final class Api {
  static final int MAX_CALLS_PER_CALLER = 32;
  private static final int MAX_CALLS = 256;
  private static final int MAX_BATCHES = 16; // a batch has up to 1,000 events
  private static final int MAX_BATCHES_PER_CALLER = 8;
  private static final int MAX_BODY_BYTES = 64 << 20; // of the bodies that arrive
  private static final int MAX_BODY_BYTES_PER_CALLER = 16 << 20;
  private static final Duration BODY_DEADLINE = Duration.ofSeconds(10);
  private static final long REFUSAL_MILLIS = 250;
  private static final Optional<Scope> BATCH = Optional.of(Scope.COLLECT);

  private final Router router;
  private final Access access;
  private final RateLimits limits;
  private final Contract contract;
  private final ResponseWriter responses;
  private final Admission calls = new Admission("calls", MAX_CALLS, MAX_CALLS_PER_CALLER);
  private final Admission batches = new Admission("calls", MAX_BATCHES, MAX_BATCHES_PER_CALLER);
  private final Admission bodies =
      new Admission("bytes of bodies", MAX_BODY_BYTES, MAX_BODY_BYTES_PER_CALLER);

  public Api(
      Router router, Access access, RateLimits limits, Contract contract, RandomGenerator random) {
    this.router = router;
    this.access = access;
    this.limits = limits;
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

  /** Adds a route without a key. All callers without a key share the limits of one owner. */
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
    router.route(method, path).handler(context -> identify(context, operation));
  }

  /** Finds the caller before the body is read, so that a stranger cannot make the API read it. */
  private void identify(RoutingContext context, Operation operation) {
    var request = context.request();
    if (request.method().equals(HttpMethod.GET) && HttpPort.hasBody(request)) {
      responses.write(context, Problem.malformed("unexpected_body", "`GET` cannot have a body."));
      return;
    }
    request.pause(); // the look-up of the key may wait for the store
    var authorization = Optional.ofNullable(request.getHeader("authorization")).orElse("");
    operation
        .scope()
        .map(needed -> access.caller(authorization, needed))
        .orElse(Future.succeededFuture(Caller.anybody()))
        .onSuccess(
            caller -> {
              if (!context.response().closed()) { // else the client has gone
                read(context, caller, operation);
              }
            })
        .onFailure(failure -> fail(context, failure));
  }

  /** Reads the body of a call within the rate limit. A call whose body arrives needs no permit. */
  private void read(RoutingContext context, Caller caller, Operation operation) {
    var quota = limits.use(caller);
    quota.ifPresent(known -> known.headers().forEach(context.response()::putHeader));
    var exceeded = quota.flatMap(RateLimits.Quota::problem);
    if (exceeded.isPresent()) {
      refuse(context, exceeded.get());
      return;
    }
    RequestBody.read(context.vertx(), context.request(), BODY_DEADLINE, bodies.permit(caller))
        .map(body -> ApiRequest.of(context, caller, operation.parameters(), body))
        .onSuccess(request -> enter(context, request, operation))
        .onFailure(failure -> fail(context, failure));
  }

  private void enter(RoutingContext context, ApiRequest request, Operation operation) {
    var admission = operation.scope().equals(BATCH) ? batches : calls;
    var permit = admission.permit(request.caller());
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
      RoutingContext context, ApiRequest request, Endpoint endpoint, Admission.Permit permit) {
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
