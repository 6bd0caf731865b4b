package clicktide.load;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;

/** The answers to an attack and the promises that it broke. Several threads may add to it. */
final class Seen {
  private final Map<String, LongAdder> answers = new ConcurrentSkipListMap<>();
  private final Set<String> broken = new ConcurrentSkipListSet<>();

  void status(int status) {
    count(Integer.toString(status));
  }

  /** Counts an outcome without a status, for instance a closed connection. */
  void count(String outcome) {
    answers.computeIfAbsent(outcome, _ -> new LongAdder()).increment();
  }

  long of(String outcome) {
    var count = answers.get(outcome);
    return count == null ? 0 : count.sum();
  }

  /** The number of all outcomes. */
  long all() {
    return answers.values().stream().mapToLong(LongAdder::sum).sum();
  }

  /** Records a broken promise unless the condition holds. */
  void require(boolean holds, String promise) {
    if (!holds) {
      broken.add(promise);
    }
  }

  List<String> broken() {
    return List.copyOf(broken);
  }

  /** Lists the outcomes with their counts. */
  String summary() {
    return answers.entrySet().stream()
        .map(answer -> "%s: %,d".formatted(answer.getKey(), answer.getValue().sum()))
        .collect(Collectors.joining(", "));
  }
}
