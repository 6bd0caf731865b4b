package clicktide.http;

import clicktide.store.SharedCounters.OtherUses;
import clicktide.store.SharedCounters.OwnUses;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The uses of one key in one window: those of this process, and those of the others as far as they
 * are known. For any thread.
 */
final class WindowCounter {
  private Optional<String> window = Optional.empty(); // until this process has joined a shared one
  private long end;
  private int own;
  private long others;

  /** {@code end} is monotonic time in nanoseconds. */
  WindowCounter(long end) {
    this.end = end;
  }

  synchronized boolean isOver(long now) {
    return now - end >= 0;
  }

  synchronized long nanosLeft(long now) {
    return end - now;
  }

  /** Returns the uses of all processes. */
  synchronized long uses() {
    return own + others;
  }

  /** Returns true if the others need the uses of this process, if only because they know some. */
  synchronized boolean isShared(int from) {
    return own >= from || window.isPresent();
  }

  /** Counts uses, or takes them back if negative, and returns those of all processes. */
  synchronized long add(int uses) {
    own = Math.clamp((long) own + uses, 0, Integer.MAX_VALUE);
    return uses();
  }

  /** Counts uses if all processes stay within the limit, and returns the sum in either case. */
  synchronized long addWithin(int limit, int uses) {
    var sum = uses() + uses;
    return sum > limit ? sum : add(uses);
  }

  /** Returns the state that other processes need. */
  synchronized OwnUses shared(String key, long now) {
    return new OwnUses(key, window, own, Math.max(1, TimeUnit.NANOSECONDS.toMillis(end - now)));
  }

  /**
   * Takes over the shared window, as it was at or after {@code sentAt}. So this process ends the
   * window no later than the store does. If the window is not the one that this process had joined,
   * the uses that it sent belong to a window that has ended.
   */
  synchronized void join(OwnUses sent, OtherUses answer, long sentAt) {
    if (sent.window().filter(known -> !known.equals(answer.window())).isPresent()) {
      own = Math.max(0, own - sent.uses());
    }
    window = Optional.of(answer.window());
    others = answer.uses();
    end = sentAt + TimeUnit.MILLISECONDS.toNanos(answer.millis());
  }
}
