package clicktide.http;

import clicktide.store.Owners.Scope;
import clicktide.store.Unavailable;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import io.vertx.ext.web.handler.SecurityPolicyHandler;
import java.security.SecureRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The routes of the API port. Endpoints run on virtual threads and may wait; this is the one place
 * that turns absence, refusal and failure into answers.
 */
public final class Api {
  private static final Logger log = LoggerFactory.getLogger(Api.class);
  private static final long LINGER_MILLIS = 500;
  private static final int LARGEST_BODY = 1 << 20;
  private static final SecureRandom RANDOM = new SecureRandom();

  private static final String CALLER = "caller";
  private static final String PERMIT = "permit";
  static final int MOST_CALLS_OF_ONE = 32;

  private final Router router;
  private final Access access;
  private final Admission calls = new Admission(256, MOST_CALLS_OF_ONE);
  private final Admission batches = new Admission(16, 8); // they may be a thousand events each

  public Api(Router router, Access access) {
    this.router = router;
    this.access = access;
    for (var status : new int[] {400, 404, 405, 413, 414, 415, 500}) {
      router.errorHandler(status, context -> answer(context, problemOf(status, context.failure())));
    }
  }

  /** Answers a call, or raises a {@link Problem}. */
  public interface Endpoint {
    Reply answer(Call call);
  }

  public void get(String path, Scope scope, Endpoint endpoint) {
    route(HttpMethod.GET, path, scope, endpoint);
  }

  public void post(String path, Scope scope, Endpoint endpoint) {
    route(HttpMethod.POST, path, scope, endpoint);
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
    router
        .route(method, path)
        .handler((SecurityPolicyHandler) context -> admit(context, scope))
        .handler(BodyHandler.create(false).setBodyLimit(LARGEST_BODY))
        .handler(context -> answer(context, endpoint));
  }

  /** Before the body is read, so that strangers cannot make us read one. */
  private void admit(RoutingContext context, Scope scope) {
    var request = context.request();
    request.pause(); // the look-up may wait for the store
    var authorization = request.getHeader("authorization");
    access
        .caller(authorization == null ? "" : authorization)
        .onSuccess(caller -> admit(context, scope, caller))
        .onFailure(failure -> answer(context, problemOf(failure)));
  }

  private void admit(RoutingContext context, Scope scope, Caller caller) {
    if (!caller.may(scope)) {
      var detail = "This key does not have the scope %s.".formatted(scope.key());
      answer(context, Problem.forbidden(detail));
      return;
    }
    if (context.response().closed()) {
      return; // nobody waits for it any more
    }
    try {
      var permit = (scope == Scope.COLLECT ? batches : calls).enter(caller);
      context.addEndHandler(_ -> permit.releaseIfUnused()); // a body that never came
      context.put(PERMIT, permit);
    } catch (Problem.Raised refused) {
      answer(context, refused.problem());
      return;
    }
    context.put(CALLER, caller);
    context.next();
    context.request().resume();
  }

  private static void answer(RoutingContext context, Endpoint endpoint) {
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
                    Call.of(
                        context.request(),
                        context.pathParams(),
                        body == null ? new byte[0] : body.getBytes(),
                        context.get(CALLER));
                var reply = call.withoutWhatIsKnown(endpoint.answer(call));
                var text =
                    reply.hasBody() ? Buffer.buffer(Json.write(reply.body())) : Buffer.buffer();
                loop.runOnContext(_ -> answer(context, reply, text));
              } catch (Throwable failure) { // whatever it is, the caller gets an answer
                var problem = problemOf(failure);
                loop.runOnContext(_ -> answer(context, problem));
              } finally {
                permit.release();
              }
            });
  }

  private static Problem problemOf(Throwable failure) {
    return switch (failure) {
      case Problem.Raised raised -> raised.problem();
      case Unavailable away -> {
        log.warn("A request met a part that is away: {}", away.getMessage());
        yield Problem.unavailable("A part that is needed does not answer; try again shortly.");
      }
      default -> {
        log.error("A request failed", failure);
        yield Problem.broken();
      }
    };
  }

  /** What the router itself refuses, before an endpoint is reached. */
  private static Problem problemOf(int status, Throwable failure) {
    return switch (status) {
      case 404 -> Problem.notFound("path");
      case 405 -> Problem.methodNotAllowed();
      case 413 -> Problem.tooLarge("A body has at most %d bytes.".formatted(LARGEST_BODY));
      case 500 -> problemOf(failure == null ? new IllegalStateException("no cause") : failure);
      default -> Problem.malformed("malformed_request", "The request cannot be understood.");
    };
  }

  /** Answers a problem; 429 and 503 say when to come back. */
  public static void answer(RoutingContext context, Problem problem) {
    var response = context.response();
    if (response.ended() || response.closed()) {
      return;
    }
    var requestId = Long.toString(RANDOM.nextLong() >>> 1, 36);
    if (problem.status() == 429 || problem.status() == 503) {
      response.putHeader("Retry-After", "1");
    }
    if (problem.status() == 401) {
      response.putHeader("WWW-Authenticate", "Bearer");
    }
    var bodyIsUnderWay = !context.request().isEnded();
    var sent =
        response
            .setStatusCode(problem.status())
            .putHeader("Content-Type", "application/problem+json")
            .putHeader("Cache-Control", "no-store")
            .end(Buffer.buffer(Json.write(problem.answering(requestId))));
    if (bodyIsUnderWay) {
      // The rest is not waited for; but closing at once would take the answer back.
      context.request().resume();
      sent.onComplete(_ -> context.vertx().setTimer(LINGER_MILLIS, _ -> close(context)));
    }
  }

  private static void close(RoutingContext context) {
    if (!context.request().isEnded()) {
      context.request().connection().close();
    }
  }

  private static void answer(RoutingContext context, Reply reply, Buffer body) {
    var response = context.response();
    if (response.ended() || response.closed()) {
      return;
    }
    reply.headers().forEach(response::putHeader);
    response.setStatusCode(reply.status());
    if (reply.hasBody()) {
      response.putHeader("Content-Type", "application/json");
    }
    response.end(body);
  }
}
