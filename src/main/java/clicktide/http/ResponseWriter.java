package clicktide.http;

import clicktide.store.Unavailable;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.security.SecureRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives answers of the API port. This is the one place that turns absence, refusal and failure into
 * answers.
 */
public final class ResponseWriter {
  private static final Logger log = LoggerFactory.getLogger(ResponseWriter.class);
  private static final long LINGER_MILLIS = 500;
  private static final SecureRandom RANDOM = new SecureRandom();

  private ResponseWriter() {}

  static Problem problemOf(Throwable failure) {
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
  static Problem problemOf(int status, Throwable failure, int largestBody) {
    return switch (status) {
      case 404 -> Problem.notFound("path");
      case 405 -> Problem.methodNotAllowed();
      case 413 -> Problem.tooLarge("A body has at most %d bytes.".formatted(largestBody));
      case 500 -> problemOf(failure == null ? new IllegalStateException("no cause") : failure);
      default -> Problem.malformed("malformed_request", "The request cannot be understood.");
    };
  }

  /** Answers a problem; 429 and 503 say when to come back. */
  public static void give(RoutingContext context, Problem problem) {
    var response = context.response();
    if (response.ended() || response.closed()) {
      return;
    }
    var requestId = Long.toString(RANDOM.nextLong() >>> 1, 36);
    if (problem.status() == 429 || problem.status() == 503) {
      if (!response.headers().contains("Retry-After")) {
        response.putHeader("Retry-After", "1");
      }
    }
    if (problem.status() == 401) {
      var isForPeople = problem.code().equals(Problem.PASSWORD_NEEDED);
      response.putHeader(
          "WWW-Authenticate",
          isForPeople ? "Basic realm=\"public statistics\", charset=\"UTF-8\"" : "Bearer");
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

  static void give(RoutingContext context, ApiResponse reply, Buffer body) {
    var response = context.response();
    if (response.ended() || response.closed()) {
      return;
    }
    reply.headers().forEach(response::putHeader);
    response.setStatusCode(reply.status());
    if (reply.hasBody() && !reply.headers().containsKey(ApiResponse.CONTENT_TYPE)) {
      response.putHeader("Content-Type", "application/json");
    }
    response.end(body);
  }
}
