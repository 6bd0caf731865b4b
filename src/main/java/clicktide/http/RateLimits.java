package clicktide.http;

import clicktide.event.OwnerId;
import clicktide.time.TimeSource;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The limit of API calls per owner and minute, for all keys of the owner, in this process (E10).
 * The administrator has none; callers without a key share one. For any thread.
 */
public final class RateLimits {
  private static final Duration WINDOW = Duration.ofMinutes(1);
  private static final int MAX_OWNERS = 100_000;
  private static final String EXCEEDED =
      "Rate limit exceeded: %d calls per minute. Retry after %d seconds.";

  private final int limit;
  private final FixedWindow<OwnerId> calls;

  /** Allows {@code limit} calls per minute; 0 disables the limit. */
  public RateLimits(int limit, TimeSource time) {
    this.limit = limit;
    this.calls = new FixedWindow<>(limit, WINDOW, MAX_OWNERS, time);
  }

  /** The state of a caller's limit. */
  record Quota(int limit, FixedWindow.Remaining remaining) {
    /** As draft-ietf-httpapi-ratelimit-headers-10 writes it; Retry-After beyond the limit. */
    Map<String, String> headers() {
      var headers = new HashMap<String, String>();
      var seconds = remaining.seconds();
      headers.put("RateLimit-Policy", "\"calls\";q=%d;w=%d".formatted(limit, WINDOW.toSeconds()));
      headers.put(
          "RateLimit", "\"calls\";r=%d;t=%d".formatted(Math.max(0, remaining.uses()), seconds));
      if (remaining.isExceeded()) {
        headers.put("Retry-After", Long.toString(seconds));
      }
      return headers;
    }

    /** The problem of a call beyond the limit. */
    Optional<Problem> problem() {
      return Optional.of(remaining)
          .filter(FixedWindow.Remaining::isExceeded)
          .map(exceeded -> Problem.tooMany(EXCEEDED.formatted(limit, exceeded.seconds())));
    }
  }

  /** Counts one call; empty for callers without a limit. */
  Optional<Quota> use(Caller caller) {
    return limit > 0 && caller instanceof Caller.Owner owner
        ? Optional.of(new Quota(limit, calls.use(owner.id())))
        : Optional.empty();
  }
}
