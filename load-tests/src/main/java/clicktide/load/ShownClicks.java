package clicktide.load;

import java.util.Collection;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * The time from the answer of a redirect until a live socket has its increment. Clicks of one link
 * are assumed to arrive in the order of their answers.
 */
final class ShownClicks {
  /** The times by the second of the answer. */
  final Timeline timeline = new Timeline();

  private final Map<String, Queue<Long>> waiting = new ConcurrentHashMap<>();
  private final long start = System.nanoTime();

  ShownClicks(Collection<String> codes) {
    codes.forEach(code -> waiting.put(code, new ConcurrentLinkedQueue<>()));
  }

  void redirected(String code) {
    waiting.get(code).add(System.nanoTime());
  }

  /** Takes an increment of the live socket. Other links and corrections are ignored. */
  void shown(String code, long clicks) {
    var answers = waiting.get(code);
    for (var left = clicks; answers != null && left > 0 && !answers.isEmpty(); left--) {
      var answered = answers.remove();
      timeline.add(answered - start, System.nanoTime() - answered);
    }
  }

  /** Returns whether no click waits. */
  boolean isComplete() {
    return waiting.values().stream().allMatch(Queue::isEmpty);
  }
}
