package clicktide.http;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A bound on the calls or bytes under way, of all callers and of each one. In an overload the
 * newest are refused, memory stays bounded (G18), and no caller takes everything (E12). For any
 * thread.
 */
final class Admission<K> {
  private final String unit;
  private final int limit;
  private final int limitPerCaller;
  private final Map<K, Integer> underWay = new HashMap<>();
  private int all;

  /** {@code unit} is the plural of the thing that is bounded. */
  Admission(String unit, int limit, int limitPerCaller) {
    this.unit = unit;
    this.limit = limit;
    this.limitPerCaller = limitPerCaller;
  }

  /** Returns a permit that admits nothing yet. */
  Permit permit(K caller) {
    return new Permit(caller);
  }

  /** The part of one call in what is under way. */
  final class Permit {
    private final K caller;
    private int weight;

    private Permit(K caller) {
      this.caller = caller;
    }

    /** Admits more, or returns a problem of 429 or 503 and changes nothing. */
    Optional<Problem> add(int more) {
      synchronized (Admission.this) {
        var problem = problem(caller, more);
        if (problem.isEmpty()) {
          weight += more;
          all += more;
          underWay.merge(caller, more, Integer::sum);
        }
        return problem;
      }
    }

    /** Gives everything back. A second call changes nothing. */
    void release() {
      synchronized (Admission.this) {
        all -= weight;
        underWay.computeIfPresent(caller, (_, sum) -> sum == weight ? null : sum - weight);
        weight = 0;
      }
    }
  }

  private Optional<Problem> problem(K caller, int more) {
    if (all + more > limit) {
      return Optional.of(
          Problem.unavailable(
              "Overload: %d %s are under way. Retry later.".formatted(limit, unit)));
    }
    return underWay.getOrDefault(caller, 0) + more > limitPerCaller
        ? Optional.of(
            Problem.tooMany(
                "Concurrency limit exceeded: %d %s per caller at a time."
                    .formatted(limitPerCaller, unit)))
        : Optional.empty();
  }
}
