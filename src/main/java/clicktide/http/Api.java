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

/** The routes of the API port. Endpoints run on virtual threads and may wait. */
public final class Api {
  private static final int LARGEST_BODY = 1 << 20;

  private static final long REFUSAL_MILLIS = 250;

  private static final String ADMITTED = "admitted";
  private static final Optional<Scope> BATCH = Optional.of(Scope.COLLECT);
  static final int MOST_CALLS_OF_ONE = 32;

  private final Router router;
  private final Access access;
  private final RateLimits limits;
  private final Contract contract;
  private final Admission calls = new Admission(256, MOST_CALLS_OF_ONE);
  private final Admission batches = new Admission(16, 8); // they may be a thousand events each

  public Api(Router router, Access access, RateLimits limits, Contract contract) {
    this.router = router;
    this.access = access;
    this.limits = limits;
    this.contract = contract;
    contract.serve(router);
    for (var status : new int[] {400, 404, 405, 413, 414, 415, 500}) {
      router.errorHandler(
          status,
          context ->
              ResponseWriter.give(
                  context, ResponseWriter.problemOf(status, context.failure(), LARGEST_BODY)));
    }
  }

  /** What {@link #admit} leaves for {@link #answer} in the routing context. */
  private record Admitted(Caller caller, Admission.Permit permit) {}

  /** Answers a call, or raises a {@link Problem}. */
  public interface Endpoint {
    ApiResponse answer(ApiRequest call);
  }

  public void get(String path, Scope scope, Endpoint endpoint) {
    route(HttpMethod.GET, path, scope, endpoint);
  }

  /** For anybody; strangers share what one owner may have. */
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

  /** For what is not JSON behind a key: the page and the socket. */
  public Router router() {
    return router;
  }

  private void route(HttpMethod method, String path, Scope scope, Endpoint endpoint) {
    route(method, path, Optional.of(scope), endpoint);
  }

  private void route(HttpMethod method, String path, Optional<Scope> scope, Endpoint endpoint) {
    var parameters = contract.parameters(method, path, scope);
    router
        .route(method, path)
        .handler((SecurityPolicyHandler) context -> admit(context, scope))
        .handler(BodyHandler.create(false).setBodyLimit(LARGEST_BODY))
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
        .onFailure(failure -> ResponseWriter.give(context, ResponseWriter.problemOf(failure)));
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
      case Admission.Refused(var problem) -> refuse(context, problem);
      case Admission.Permit permit -> {
        context.addEndHandler(_ -> permit.releaseIfUnused()); // for a body that never came
        context.put(ADMITTED, new Admitted(caller, permit));
        context.next();
        context.request().resume();
      }
    }
  }

  /** Answers after a pause: a client that tries again at once would cost more than its answers. */
  private static void refuse(RoutingContext context, Problem problem) {
    context.vertx().setTimer(REFUSAL_MILLIS, _ -> ResponseWriter.give(context, problem));
  }

  /**
   * Runs the endpoint on a virtual thread. The thread gets an immutable request and gives back a
   * response; the routing context stays on the event loop, because it is not thread-safe.
   */
  private static void answer(RoutingContext context, Endpoint endpoint, Set<String> parameters) {
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
                loop.runOnContext(_ -> ResponseWriter.give(context, response, bytes));
              } catch (Throwable failure) { // an Error, too: nothing else would end the exchange
                var problem = ResponseWriter.problemOf(failure);
                loop.runOnContext(_ -> ResponseWriter.give(context, problem));
              } finally {
                permit.release();
              }
            });
  }
}
