package clicktide.http;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;

/**
 * A problem as RFC 9457 describes it. {@code code} is stable, and {@code type} is derived from it.
 * {@code errors} name the fields or parameters at fault. {@code retrySeconds} is the time until a
 * call that was refused with 429 or 503 may be repeated.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Problem(
    String type,
    String title,
    int status,
    String code,
    String detail,
    List<Fault> errors,
    String requestId,
    @JsonIgnore long retrySeconds) {

  static final String PASSWORD_NEEDED = "password_needed";

  /** A fault of one field or parameter; {@code detail} is a sentence that names it. */
  public record Fault(String field, String code, String detail) {}

  private static Problem of(int status, String title, String code, String detail, Fault... errors) {
    return new Problem(
        "urn:clicktide:problem:" + code, title, status, code, detail, List.of(errors), "", 1);
  }

  /** Returns the same problem with the id of the request that it answers. */
  Problem answering(String request) {
    return new Problem(type, title, status, code, detail, errors, request, retrySeconds);
  }

  /** 400: the request cannot be read. */
  public static Problem malformed(String code, String detail, Fault... errors) {
    return of(400, "Bad request", code, detail, errors);
  }

  public static Problem unauthorized(String detail) {
    return of(401, "Unauthorized", "unauthorized", detail);
  }

  /** 401: the public statistics of a link need its password. */
  public static Problem passwordNeeded(String detail) {
    return of(401, "Unauthorized", PASSWORD_NEEDED, detail);
  }

  public static Problem forbidden(String detail) {
    return of(403, "Forbidden", "forbidden", detail);
  }

  public static Problem notFound(String what) {
    return of(404, "Not found", "not_found", "There is no such %s.".formatted(what));
  }

  public static Problem methodNotAllowed() {
    return of(
        405, "Method not allowed", "method_not_allowed", "The path does not allow the method.");
  }

  /** 408: the body did not arrive in time. */
  static Problem timeout(String detail) {
    return of(408, "Request timeout", "request_timeout", detail);
  }

  public static Problem conflict(String code, String detail) {
    return of(409, "Conflict", code, detail);
  }

  /** 412: the resource has another version than the caller expects. */
  static Problem stale(String detail) {
    return of(412, "Precondition failed", "precondition_failed", detail);
  }

  public static Problem tooLarge(String detail) {
    return of(413, "Content too large", "too_large", detail);
  }

  public static Problem unsupported(String code, String detail) {
    return of(415, "Unsupported media type", code, detail);
  }

  /** 422: the request was read, and it breaks a rule. */
  public static Problem refused(String code, String detail, Fault... errors) {
    return of(422, "Unprocessable content", code, detail, errors);
  }

  public static Problem tooMany(String detail) {
    return of(429, "Too many requests", "too_many_requests", detail);
  }

  /** 429 until a number of seconds is over. */
  public static Problem tooMany(String detail, long seconds) {
    var problem = tooMany(detail);
    return new Problem(
        problem.type,
        problem.title,
        problem.status,
        problem.code,
        detail,
        problem.errors,
        problem.requestId,
        seconds);
  }

  public static Problem broken() {
    return of(
        500,
        "Internal error",
        "internal_error",
        "Internal error. The log of the server has its cause.");
  }

  public static Problem unavailable(String detail) {
    return of(503, "Service unavailable", "unavailable", detail);
  }

  /** Returns an exception that carries this problem to {@link Api}, which writes it. */
  public Raised raised() {
    return new Raised(this);
  }

  /** An exception that carries a problem out of an endpoint. It has no stack trace. */
  public static final class Raised extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final transient Problem problem;

    Raised(Problem problem) {
      super(problem.detail(), null, false, false);
      this.problem = problem;
    }

    public Problem problem() {
      return problem;
    }
  }
}
