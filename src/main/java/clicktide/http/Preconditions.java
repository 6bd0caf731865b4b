package clicktide.http;

import java.util.Arrays;
import java.util.Optional;

/** What callers say that they know already, or want to be so (RFC 9110, section 13). */
final class Preconditions {
  private Preconditions() {}

  /** Weak comparison, as RFC 9110, section 13.1.2, asks for. */
  static ApiResponse withoutWhatIsKnown(ApiResponse reply, Optional<String> ifNoneMatch) {
    var etag = reply.headers().get(ApiResponse.ETAG);
    var isKnown =
        etag != null
            && Arrays.stream(ifNoneMatch.orElse("").split(",", -1))
                .map(String::strip)
                .anyMatch(one -> one.equals("*") || strong(one).equals(strong(etag)));
    return isKnown ? reply.notModified() : reply;
  }

  /** Raises a problem of 412; empty: there is nothing yet. */
  static void requireMatch(
      Optional<String> etag, Optional<String> ifMatch, Optional<String> ifNoneMatch) {
    var isWanted =
        ifMatch.isEmpty()
            || etag.isPresent()
                && Arrays.stream(ifMatch.get().split(",", -1))
                    .map(String::strip)
                    .anyMatch(one -> one.equals("*") || one.equals(etag.get()));
    var isOnlyToMake = ifNoneMatch.filter("*"::equals).isPresent();
    if (!isWanted || isOnlyToMake && etag.isPresent()) {
      throw Problem.stale("This is not as you know it; read it again.").raised();
    }
  }

  private static String strong(String etag) {
    return etag.startsWith("W/") ? etag.substring(2) : etag;
  }
}
