package clicktide.http;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;

/**
 * The body of a request while it arrives, on the event loop of the request. It must be complete
 * within a deadline of 10 s, which each 64 KiB of it extend by 1 s. Its bytes count towards a bound
 * on the bodies under way, of all callers and of each one.
 */
final class RequestBody {
  static final int MAX_SIZE = 1 << 20;

  private static final byte[] NONE = {};
  private static final long BYTES_PER_SECOND = 64 << 10;
  private static final String TOO_SLOW =
      "The body must be complete within %d seconds, and 1 second more for each 64 KiB.";

  private final Promise<byte[]> whole = Promise.promise();
  private final Vertx vertx;
  private final Duration deadline;
  private final Admission<?>.Permit permit;
  private Buffer content = Buffer.buffer();
  private long timer;

  private RequestBody(Vertx vertx, Duration deadline, Admission<?>.Permit permit) {
    this.vertx = vertx;
    this.deadline = deadline;
    this.permit = permit;
  }

  /**
   * Reads the body of a paused request. Fails with a problem of 400, 408, 413, 429 or 503; the rest
   * of the body is then dropped. {@code permit} admits bytes and is released at the end.
   */
  static Future<byte[]> read(
      Vertx vertx, HttpServerRequest request, Duration deadline, Admission<?>.Permit permit) {
    if (!HttpPort.hasBody(request)) {
      request.resume();
      return Future.succeededFuture(NONE);
    }
    if (isTooLarge(request)) {
      return Future.failedFuture(tooLarge());
    }
    return new RequestBody(vertx, deadline, permit).read(request);
  }

  private static boolean isTooLarge(HttpServerRequest request) {
    var length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    return length != null && Long.parseLong(length) > MAX_SIZE;
  }

  private static Problem.Raised tooLarge() {
    return Problem.tooLarge("The body cannot exceed %d bytes.".formatted(MAX_SIZE)).raised();
  }

  private Future<byte[]> read(HttpServerRequest request) {
    request
        .handler(this::add)
        .exceptionHandler(_ -> whole.tryFail(incomplete()))
        .endHandler(_ -> whole.tryComplete(content.getBytes()));
    if (request.headers().contains(HttpHeaders.EXPECT, HttpHeaders.CONTINUE, true)) {
      request.response().writeContinue();
    }
    watch(0);
    request.resume();
    return whole.future().onComplete(_ -> close());
  }

  private static Problem.Raised incomplete() {
    return Problem.malformed("incomplete_body", "The body is incomplete.").raised();
  }

  private void add(Buffer chunk) {
    if (whole.future().isComplete()) {
      return; // the request was refused
    }
    if (content.length() + chunk.length() > MAX_SIZE) {
      whole.fail(tooLarge());
      return;
    }
    permit
        .add(chunk.length())
        .ifPresentOrElse(
            problem -> whole.fail(problem.raised()), () -> content.appendBuffer(chunk));
  }

  /** Sets the timer for the time that the bytes so far allow; {@code waited} is over already. */
  private void watch(long waited) {
    var allowed = deadline.toMillis() + content.length() * 1_000L / BYTES_PER_SECOND;
    if (allowed > waited) {
      timer = vertx.setTimer(allowed - waited, _ -> watch(allowed));
    } else {
      whole.fail(Problem.timeout(TOO_SLOW.formatted(deadline.toSeconds())).raised());
    }
  }

  private void close() {
    vertx.cancelTimer(timer);
    permit.release();
    content = Buffer.buffer();
  }
}
