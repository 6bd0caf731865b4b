package clicktide.http;

import clicktide.event.OwnerId;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A bound on the calls under way, of all callers and of each one. In an overload the newest calls
 * are refused, memory stays bounded (G18), and no caller takes everything (E12). For any thread.
 */
final class Admission {
  private final int limit;
  private final int limitPerCaller;
  private final Map<OwnerId, Integer> underWay = new HashMap<>();
  private int all;

  Admission(int limit, int limitPerCaller) {
    this.limit = limit;
    this.limitPerCaller = limitPerCaller;
  }

  /** The decision about a call. */
  sealed interface Decision {}

  /** A refusal, with a problem of 429 or 503. */
  record Overload(Problem problem) implements Decision {}

  /** The right to be under way. It is given back once, however often that is tried. */
  final class Permit implements Decision {
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

  /** Gives a permit, unless a limit is reached. */
  synchronized Decision enter(Caller caller) {
    if (all >= limit) {
      return new Overload(
          Problem.unavailable("Overload: %d calls are under way. Retry later.".formatted(limit)));
    }
    var share = caller.share();
    if (underWay.getOrDefault(share, 0) >= limitPerCaller) {
      return new Overload(
          Problem.tooMany(
              "Concurrency limit exceeded: %d calls per owner at a time."
                  .formatted(limitPerCaller)));
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
