package clicktide.http;

import clicktide.event.OwnerId;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Bounds how many calls are under way at once, of all callers and of each one. So an overload costs
 * the newest calls their answer, and nobody memory (G18); and no caller takes all (E12). For any
 * thread.
 */
final class Admission {
  private final int most;
  private final int mostOfOne;
  private final Map<OwnerId, Integer> underWay = new HashMap<>();
  private int all;

  Admission(int most, int mostOfOne) {
    this.most = most;
    this.mostOfOne = mostOfOne;
  }

  /** The right to be under way; given back once, however often that is tried. */
  final class Permit {
    private final OwnerId caller;
    private final AtomicBoolean isHeld = new AtomicBoolean(true);
    private volatile boolean isUsed;

    private Permit(OwnerId caller) {
      this.caller = caller;
    }

    /** From now on only {@link #release} gives it back: the work goes on without the client. */
    void use() {
      isUsed = true;
    }

    void releaseIfUnused() {
      if (!isUsed) {
        release();
      }
    }

    void release() {
      if (isHeld.compareAndSet(true, false)) {
        leave(caller);
      }
    }
  }

  /** Raises a problem of 429 or 503 if the call may not go on. */
  synchronized Permit enter(Caller caller) {
    if (all >= most) {
      throw Problem.unavailable("Too many calls are under way; try again shortly.").raised();
    }
    var share = caller.share();
    if (underWay.getOrDefault(share, 0) >= mostOfOne) {
      throw Problem.tooMany("More than %d calls of this owner are under way.".formatted(mostOfOne))
          .raised();
    }
    all++;
    underWay.merge(share, 1, Integer::sum);
    return new Permit(share);
  }

  private synchronized void leave(OwnerId caller) {
    all--;
    underWay.computeIfPresent(caller, (_, calls) -> calls == 1 ? null : calls - 1);
  }
}
