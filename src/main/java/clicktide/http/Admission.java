package clicktide.http;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Bounds how many calls are under way at once, of all callers and of each one. So an overload costs
 * the newest calls their answer, and nobody memory (G18); and no caller takes all (E12). For any
 * thread.
 */
final class Admission {
  private final int most;
  private final int mostOfOne;
  private final Map<Caller, Integer> underWay = new HashMap<>();
  private int all;

  Admission(int most, int mostOfOne) {
    this.most = most;
    this.mostOfOne = mostOfOne;
  }

  /** Empty if the call may go on; then {@link #leave} has to follow. */
  synchronized Optional<Problem> enter(Caller caller) {
    if (all >= most) {
      return Optional.of(Problem.unavailable("Too many calls are under way; try again shortly."));
    }
    if (underWay.getOrDefault(caller, 0) >= mostOfOne) {
      return Optional.of(
          Problem.tooMany("More than %d calls of this key are under way.".formatted(mostOfOne)));
    }
    all++;
    underWay.merge(caller, 1, Integer::sum);
    return Optional.empty();
  }

  synchronized void leave(Caller caller) {
    all--;
    underWay.computeIfPresent(caller, (_, calls) -> calls == 1 ? null : calls - 1);
  }
}
