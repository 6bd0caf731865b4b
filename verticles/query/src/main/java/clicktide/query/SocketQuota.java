package clicktide.query;

import clicktide.http.Caller;
import clicktide.http.Problem;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A bound on the open live sockets of this process: of all callers, of an owner and of a key (G18).
 * The administrator counts for all callers only. For any thread.
 */
final class SocketQuota {
  private static final int MAX_SOCKETS = 2_000;
  private static final int MAX_PER_OWNER = 100;
  private static final int MAX_PER_KEY = 20;

  private final Map<Object, Integer> shares = new HashMap<>();
  private int all;

  /** Counts a socket, or returns the problem of one beyond a limit. */
  synchronized Optional<Problem> enter(Caller caller) {
    if (all >= MAX_SOCKETS) {
      return Optional.of(Problem.unavailable("Too many live sockets are open."));
    }
    if (caller instanceof Caller.Owner owner) {
      if (shares.getOrDefault(owner.id(), 0) >= MAX_PER_OWNER) {
        return exceeded(MAX_PER_OWNER, "owner");
      }
      if (shares.getOrDefault(owner.key(), 0) >= MAX_PER_KEY) {
        return exceeded(MAX_PER_KEY, "key");
      }
      shares.merge(owner.id(), 1, Integer::sum);
      shares.merge(owner.key(), 1, Integer::sum);
    }
    all++;
    return Optional.empty();
  }

  private static Optional<Problem> exceeded(int limit, String holder) {
    return Optional.of(
        Problem.tooMany(
            "Concurrency limit exceeded: %d live sockets per %s.".formatted(limit, holder)));
  }

  synchronized int open() {
    return all;
  }

  /** Counts the end of a socket that was entered. */
  synchronized void leave(Caller caller) {
    all--;
    if (caller instanceof Caller.Owner owner) {
      leave(owner.id());
      leave(owner.key());
    }
  }

  private void leave(Object share) {
    shares.computeIfPresent(share, (_, sockets) -> sockets == 1 ? null : sockets - 1);
  }
}
