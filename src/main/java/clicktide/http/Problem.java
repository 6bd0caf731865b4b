package clicktide.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;

/**
 * Why a request was not done, as RFC 9457 writes it. {@code code} is stable; {@code type} is made
 * of it. {@code errors} name the fields or parameters at fault.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Problem(
    String type,
    String title,
    int status,
    String code,
    String detail,
    List<Fault> errors,
    String requestId) {

  static final String PASSWORD_NEEDED = "password_needed";

  /** One fault: where it is and what is wrong there. */
  public record Fault(String field, String code, String detail) {}

  private static Problem of(int status, String title, String code, String detail, Fault... errors) {
    return new Problem(
        "urn:clicktide:problem:" + code, title, status, code, detail, List.of(errors), "");
  }

  /** The same problem with the id of the request that it answers. */
  Problem answering(String request) {
    return new Problem(type, title, status, code, detail, errors, request);
  }

  /** 400: it cannot be understood. */
  public static Problem malformed(String code, String detail, Fault... errors) {
    return of(400, "Bad request", code, detail, errors);
  }

  public static Problem unauthorized(String detail) {
    return of(401, "Unauthorized", "unauthorized", detail);
  }

  /** Of what is shown to whoever knows its password. */
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
    return of(405, "Method not allowed", "method_not_allowed", "This method is not for this path.");
  }

  public static Problem conflict(String code, String detail) {
    return of(409, "Conflict", code, detail);
  }

  /** 412: not in the state that the caller knows. */
  static Problem stale(String detail) {
    return of(412, "Precondition failed", "precondition_failed", detail);
  }

  public static Problem tooLarge(String detail) {
    return of(413, "Content too large", "too_large", detail);
  }

  public static Problem unsupported(String code, String detail) {
    return of(415, "Unsupported media type", code, detail);
  }

  /** 422: understood and refused. */
  public static Problem refused(String code, String detail, Fault... errors) {
    return of(422, "Unprocessable content", code, detail, errors);
  }

  public static Problem tooMany(String detail) {
    return of(429, "Too many requests", "too_many_requests", detail);
  }

  public static Problem broken() {
    return of(500, "Internal error", "internal_error", "Something broke here; it is in the log.");
  }

  public static Problem unavailable(String detail) {
    return of(503, "Service unavailable", "unavailable", detail);
  }

  /** Thrown by whoever finds it; {@link Api} turns it into the answer. */
  public Raised raised() {
    return new Raised(this);
  }

  /** Carries a problem to the one place that answers it. */
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
