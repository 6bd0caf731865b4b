package clicktide.load;

import java.util.List;

/** The outcome of one attack as a row of the table. */
record AttackRow(String cells, List<String> broken) {
  static final String HEAD =
      """
      | Finding | Attack | Outcomes, s | Answers | Redirects, errors, p99 ms | Questions, errors | Heap MB | Not counted | Held |
      | --- | --- | --- | --- | --- | --- | --- | --- | --- |""";

  static AttackRow of(
      Attack attack, Seen seen, double seconds, Bystander.Watch watch, double bound, long lost) {
    refuse(seen, watch.redirectErrors, "redirects failed");
    refuse(seen, watch.questionErrors, "questions of the other owner failed");
    refuse(seen, watch.heapErrors, "calls of the management port failed");
    seen.require(watch.redirects.get() > 0, "no redirect was answered");
    seen.require(watch.questions.get() > 0, "no question of the other owner was answered");
    seen.require(watch.heapMegabytes() < bound, "the heap is above %.0f MB".formatted(bound));
    seen.require(lost == 0, "the counts differ by " + lost);
    var cells =
        "| %s | %s | %,d in %.1f | %s | %,d, %d, %.0f | %,d, %d | %.0f | %d |"
            .formatted(
                attack.finding(),
                attack.name(),
                seen.all(),
                seconds,
                seen.summary(),
                watch.redirects.get(),
                watch.redirectErrors.size(),
                watch.p99(),
                watch.questions.get(),
                watch.questionErrors.size(),
                watch.heapMegabytes(),
                lost);
    return new AttackRow(cells, seen.broken());
  }

  private static void refuse(Seen seen, Iterable<String> errors, String promise) {
    var all = errors.iterator();
    if (all.hasNext()) {
      seen.require(false, promise + ", the first with " + all.next());
    }
  }

  boolean isHeld() {
    return broken.isEmpty();
  }

  String markdown() {
    return "%s %s |".formatted(cells, isHeld() ? "yes" : "NO: " + String.join("; ", broken));
  }
}
