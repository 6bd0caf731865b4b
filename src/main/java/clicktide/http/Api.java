package clicktide.http;

import clicktide.store.Owners.Scope;
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

  private static final String CALLER = "caller";
  private static final String PERMIT = "permit";
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

  /** Before the body is read, so that strangers cannot make us read one. */
  private void admit(RoutingContext context, Optional<Scope> scope) {
    if (scope.isEmpty()) {
      admit(context, Caller.anybody(), calls);
      return;
    }
    var request = context.request();
    request.pause(); // the look-up may wait for the store
    var authorization = request.getHeader("authorization");
    access
        .caller(authorization == null ? "" : authorization)
        .onSuccess(caller -> admit(context, scope.get(), caller))
        .onFailure(failure -> ResponseWriter.give(context, ResponseWriter.problemOf(failure)));
  }

  private void admit(RoutingContext context, Scope scope, Caller caller) {
    if (!caller.may(scope)) {
      var detail = "This key does not have the scope %s.".formatted(scope.key());
      ResponseWriter.give(context, Problem.forbidden(detail));
      return;
    }
    admit(context, caller, scope == Scope.COLLECT ? batches : calls);
  }

  private void admit(RoutingContext context, Caller caller, Admission admission) {
    if (context.response().closed()) {
      return; // nobody waits for it any more
    }
    if (isTooOften(context, caller)) {
      return;
    }
    try {
      var permit = admission.enter(caller);
      context.addEndHandler(_ -> permit.releaseIfUnused()); // a body that never came
      context.put(PERMIT, permit);
    } catch (Problem.Raised refused) {
      refuse(context, refused.problem());
      return;
    }
    context.put(CALLER, caller);
    context.next();
    context.request().resume();
  }

  private boolean isTooOften(RoutingContext context, Caller caller) {
    var left = limits.take(caller);
    left.ifPresent(
        some ->
            context
                .response()
                .putHeader("RateLimit-Policy", some.policy())
                .putHeader("RateLimit", some.limit()));
    var isExceeded = left.filter(RateLimits.Left::isExceeded).isPresent();
    if (isExceeded) {
      context.response().putHeader("Retry-After", Long.toString(left.get().seconds()));
      refuse(context, Problem.tooMany("This owner has made its calls of this minute."));
    }
    return isExceeded;
  }

  /** At leisure: who asks again at once would cost more than the answers. */
  private static void refuse(RoutingContext context, Problem problem) {
    context.vertx().setTimer(REFUSAL_MILLIS, _ -> ResponseWriter.give(context, problem));
  }

  private static void answer(RoutingContext context, Endpoint endpoint, Set<String> parameters) {
    var body = context.body().buffer();
    Admission.Permit permit = context.get(PERMIT);
    permit.use();
    var loop = context.vertx().getOrCreateContext();
    Thread.ofVirtual()
        .name("api")
        .start(
            () -> {
              try {
                var call =
                    ApiRequest.of(
                        context.request(),
                        context.pathParams(),
                        body == null ? new byte[0] : body.getBytes(),
                        context.get(CALLER),
                        parameters);
                var reply = call.withoutWhatIsKnown(endpoint.answer(call));
                var bytes = reply.bytes();
                loop.runOnContext(_ -> ResponseWriter.give(context, reply, bytes));
              } catch (Throwable failure) { // whatever it is, the caller gets an answer
                var problem = ResponseWriter.problemOf(failure);
                loop.runOnContext(_ -> ResponseWriter.give(context, problem));
              } finally {
                permit.release();
              }
            });
  }
}
