package clicktide.stream;

import clicktide.wire.SavedState.SequenceRange;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * A set of numbers from 0 on as ranges [from, to), which never touch. An empty range after a gap
 * says that the gap is known, even if no number after it was added. Not for several threads.
 */
final class Intervals {
  private final NavigableMap<Long, Long> ends = new TreeMap<>(); // by beginning

  /** Measures a gap [from, to). */
  interface Measure {
    long of(long from, long to);
  }

  static Intervals of(List<SequenceRange> ranges) {
    var intervals = new Intervals();
    ranges.forEach(range -> intervals.ends.put(range.from(), range.to()));
    return intervals;
  }

  List<SequenceRange> ranges() {
    return ends.entrySet().stream()
        .map(range -> new SequenceRange(range.getKey(), range.getValue()))
        .toList();
  }

  boolean contains(long number) {
    var before = ends.floorEntry(number);
    return before != null && before.getValue() > number;
  }

  /** Adds [first, end). */
  void cover(long first, long end) {
    var from = first;
    var to = end;
    var before = ends.floorEntry(from);
    if (before != null && before.getValue() >= from) {
      from = before.getKey();
    }
    for (var next = ends.ceilingEntry(from);
        next != null && next.getKey() <= to;
        next = ends.ceilingEntry(from)) {
      to = Math.max(to, next.getValue());
      ends.remove(next.getKey());
    }
    ends.put(from, to);
  }

  /** Remembers that the number is missing, unless it was added. */
  void leaveOut(long number) {
    if (!contains(number)) {
      ends.putIfAbsent(number + 1, number + 1);
    }
  }

  boolean isWithoutGap() {
    return ends.isEmpty() || (ends.size() == 1 && ends.firstKey() == 0);
  }

  /** Returns the sum of all gaps in [0, to). */
  long gaps(long to, Measure measure) {
    var sum = 0L;
    var at = 0L;
    for (var interval : ends.headMap(to).entrySet()) {
      sum += measure.of(at, interval.getKey());
      at = interval.getValue();
    }
    return sum + measure.of(at, to);
  }

  /** Returns the end of the last range, 0 if there is none. */
  long end() {
    return ends.isEmpty() ? 0 : ends.lastEntry().getValue();
  }
}
