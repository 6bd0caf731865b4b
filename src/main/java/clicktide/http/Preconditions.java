package clicktide.http;

import java.util.Arrays;
import java.util.Optional;

/** Conditional requests (RFC 9110, section 13). */
final class Preconditions {
  private Preconditions() {}

  /** Returns 304 if the caller has this response. Compares weakly, as section 13.1.2 asks for. */
  static ApiResponse conditional(ApiResponse response, Optional<String> ifNoneMatch) {
    var etag = response.headers().get(ApiResponse.ETAG);
    var isKnown =
        etag != null
            && Arrays.stream(ifNoneMatch.orElse("").split(",", -1))
                .map(String::strip)
                .anyMatch(one -> one.equals("*") || strong(one).equals(strong(etag)));
    return isKnown ? response.notModified() : response;
  }

  /** Raises a problem of 412 unless this state may be written; empty: the resource is absent. */
  static void requireMatch(
      Optional<String> etag, Optional<String> ifMatch, Optional<String> ifNoneMatch) {
    var isExpected =
        ifMatch.isEmpty()
            || etag.isPresent()
                && Arrays.stream(ifMatch.get().split(",", -1))
                    .map(String::strip)
                    .anyMatch(one -> one.equals("*") || one.equals(etag.get()));
    var onlyCreates = ifNoneMatch.filter("*"::equals).isPresent();
    if (!isExpected || onlyCreates && etag.isPresent()) {
      throw stale().raised();
    }
  }

  /** Returns the problem of a write whose state has changed since it was allowed. */
  static Problem outdated(Optional<String> ifMatch, String what) {
    return ifMatch.filter(versions -> !versions.strip().equals("*")).isPresent()
        ? stale()
        : Problem.conflict(
            "changed_meanwhile",
            "The %s was changed by another call. Read it again.".formatted(what));
  }

  private static Problem stale() {
    return Problem.stale("The resource has another version. Read it again.");
  }

  private static String strong(String etag) {
    return etag.startsWith("W/") ? etag.substring(2) : etag;
  }
}
