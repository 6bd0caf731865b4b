package clicktide.http;

import clicktide.store.Owners.Scope;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import io.vertx.ext.web.handler.SecurityPolicyHandler;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/** The routes of the API port. Endpoints run on virtual threads and may wait. */
public final class Api {
  static final int MAX_CALLS_PER_CALLER = 32;
  private static final int MAX_CALLS = 256;
  private static final int MAX_BATCHES = 16; // a batch has up to 1,000 events
  private static final int MAX_BATCHES_PER_CALLER = 8;
  private static final int MAX_BODY = 1 << 20;
  private static final long REFUSAL_MILLIS = 250;
  private static final Optional<Scope> BATCH = Optional.of(Scope.COLLECT);
  private static final String ADMITTED = "admitted";

  private final Router router;
  private final Access access;
  private final RateLimits limits;
  private final Contract contract;
  private final ResponseWriter responses;
  private final Admission calls = new Admission(MAX_CALLS, MAX_CALLS_PER_CALLER);
  private final Admission batches = new Admission(MAX_BATCHES, MAX_BATCHES_PER_CALLER);

  public Api(
      Router router, Access access, RateLimits limits, Contract contract, RandomGenerator random) {
    this.router = router;
    this.access = access;
    this.limits = limits;
    this.contract = contract;
    this.responses = new ResponseWriter(random);
    contract.serve(router);
    for (var status : new int[] {400, 404, 405, 413, 414, 415, 500}) {
      router.errorHandler(
          status,
          context ->
              responses.write(
                  context, ResponseWriter.problemOf(status, context.failure(), MAX_BODY)));
    }
  }

  /** The result of {@link #admit}, which the routing context keeps for {@link #answer}. */
  private record Admitted(Caller caller, Admission.Permit permit) {}

  /** A function that answers a call, or raises a {@link Problem}. */
  public interface Endpoint {
    ApiResponse answer(ApiRequest request);
  }

  public void get(String path, Scope scope, Endpoint endpoint) {
    route(HttpMethod.GET, path, scope, endpoint);
  }

  /** Adds a route without a key. All callers without a key share the limits of one owner. */
  public void open(String path, Endpoint endpoint) {
    route(HttpMethod.GET, path, Optional.empty(), endpoint);
  }

  public void post(String path, Scope scope, Endpoint endpoint) {
    route(HttpMethod.POST, path, scope, endpoint);
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
    route(method, path, Optional.of(scope), endpoint);
  }

  private void route(HttpMethod method, String path, Optional<Scope> scope, Endpoint endpoint) {
    var parameters = contract.parameters(method, path, scope);
    router
        .route(method, path)
        .handler((SecurityPolicyHandler) context -> admit(context, scope))
        .handler(BodyHandler.create(false).setBodyLimit(MAX_BODY))
        .handler(context -> answer(context, endpoint, parameters));
  }

  /**
   * Decides about a call before its body is read, so that a stranger cannot make the API read it.
   */
  private void admit(RoutingContext context, Optional<Scope> scope) {
    context.request().pause(); // the look-up of the key may wait for the store
    var authorization =
        Optional.ofNullable(context.request().getHeader("authorization")).orElse("");
    scope
        .map(needed -> access.caller(authorization, needed))
        .orElse(Future.succeededFuture(Caller.anybody()))
        .onSuccess(
            caller -> {
              if (!context.response().closed()) { // else the client has gone
                enter(context, caller, scope.equals(BATCH) ? batches : calls);
              }
            })
        .onFailure(failure -> responses.write(context, ResponseWriter.problemOf(failure)));
  }

  private void enter(RoutingContext context, Caller caller, Admission admission) {
    var quota = limits.use(caller);
    quota.ifPresent(known -> known.headers().forEach(context.response()::putHeader));
    var exceeded = quota.flatMap(RateLimits.Quota::problem);
    if (exceeded.isPresent()) {
      refuse(context, exceeded.get());
      return;
    }
    switch (admission.enter(caller)) {
      case Admission.Overload(var problem) -> refuse(context, problem);
      case Admission.Permit permit -> {
        context.addEndHandler(_ -> permit.releaseIfUnused()); // for a body that never came
        context.put(ADMITTED, new Admitted(caller, permit));
        context.next();
        context.request().resume();
      }
    }
  }

  /** Answers after a pause: a client that tries again at once would cost more than its answers. */
  private void refuse(RoutingContext context, Problem problem) {
    context.vertx().setTimer(REFUSAL_MILLIS, _ -> responses.write(context, problem));
  }

  /**
   * Runs the endpoint on a virtual thread. The thread gets an immutable request and gives back a
   * response; the routing context stays on the event loop, because it is not thread-safe.
   */
  private void answer(RoutingContext context, Endpoint endpoint, Set<String> parameters) {
    Admitted admitted = context.get(ADMITTED);
    var request = ApiRequest.of(context, admitted.caller(), parameters);
    var permit = admitted.permit();
    permit.use();
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
