package clicktide.http;

import clicktide.store.Unavailable;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A writer of the responses of the API port. It is the one place that turns absence, refusal and
 * failure into responses. Its methods run on the event loop of the request.
 */
public final class ResponseWriter {
  private static final Logger log = LoggerFactory.getLogger(ResponseWriter.class);

  private final RandomGenerator random;

  /** {@code random} makes the ids of requests that end in a problem. */
  ResponseWriter(RandomGenerator random) {
    this.random = random;
  }

  /** Returns the problem that answers a failure, and logs failures that are not the caller's. */
  static Problem problemOf(Throwable failure) {
    return switch (failure) {
      case Problem.Raised raised -> raised.problem();
      case Unavailable unavailable -> {
        log.warn("A request failed because a store is unavailable: {}", unavailable.getMessage());
        yield Problem.unavailable("The server cannot reach a store. Retry later.");
      }
      default -> {
        log.error("A request failed", failure);
        yield Problem.broken();
      }
    };
  }

  /** Returns the problem of a request that the router refuses before an endpoint is reached. */
  static Problem problemOf(int status, Throwable failure) {
    return switch (status) {
      case 404 -> Problem.notFound("path");
      case 405 -> Problem.methodNotAllowed();
      case 500 -> problemOf(failure == null ? new IllegalStateException("no cause") : failure);
      default -> Problem.malformed("malformed_request", "The request is malformed.");
    };
  }

  /** Writes a problem. A response of 429 or 503 says when to retry. */
  public void write(RoutingContext context, Problem problem) {
    var response = context.response();
    if (response.ended() || response.closed()) {
      return;
    }
    var requestId = Long.toString(random.nextLong() >>> 1, 36);
    if (problem.status() == 429 || problem.status() == 503) {
      response.putHeader("Retry-After", Long.toString(problem.retrySeconds()));
    }
    if (problem.status() == 401) {
      var isPassword = problem.code().equals(Problem.PASSWORD_NEEDED);
      response.putHeader(
          "WWW-Authenticate",
          isPassword ? "Basic realm=\"public statistics\", charset=\"UTF-8\"" : "Bearer");
    }
    response
        .setStatusCode(problem.status())
        .putHeader("Content-Type", "application/problem+json")
        .putHeader("Cache-Control", "no-store")
        .end(Buffer.buffer(Json.write(problem.answering(requestId))));
  }

  /** Writes a response whose body is serialized. */
  static void write(RoutingContext context, ApiResponse source, Buffer body) {
    var response = context.response();
    if (response.ended() || response.closed()) {
      return;
    }
    source.headers().forEach(response::putHeader);
    response.setStatusCode(source.status());
    if (source.hasBody() && !source.headers().containsKey(ApiResponse.CONTENT_TYPE)) {
      response.putHeader("Content-Type", "application/json");
    }
    response.end(body);
  }
}
