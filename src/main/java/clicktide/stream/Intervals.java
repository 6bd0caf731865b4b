package clicktide.stream;

import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * A set of numbers from 0 as intervals [from, to), which never touch. An empty interval behind a
 * hole says that the hole is known, even if nothing behind it was seen. Not for several threads.
 */
final class Intervals {
  private final NavigableMap<Long, Long> ends = new TreeMap<>(); // by beginning

  /** Measures a hole [from, to). */
  interface Measure {
    long of(long from, long to);
  }

  boolean contains(long number) {
    var before = ends.floorEntry(number);
    return before != null && before.getValue() > number;
  }

  /** Adds [first, behind). */
  void cover(long first, long behind) {
    var from = first;
    var to = behind;
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

  /** Remembers that the number is not in it, if it is not. */
  void leaveOut(long number) {
    if (!contains(number)) {
      ends.putIfAbsent(number + 1, number + 1);
    }
  }

  boolean isWithoutHole() {
    return ends.isEmpty() || (ends.size() == 1 && ends.firstKey() == 0);
  }

  /** The sum of all holes in [0, to). */
  long holes(long to, Measure measure) {
    var sum = 0L;
    var at = 0L;
    for (var interval : ends.headMap(to).entrySet()) {
      sum += measure.of(at, interval.getKey());
      at = interval.getValue();
    }
    return sum + measure.of(at, to);
  }

  /** The end of the last interval, 0 if there is none. */
  long end() {
    return ends.isEmpty() ? 0 : ends.lastEntry().getValue();
  }

  /** {@code :from:to} for each. */
  void write(StringBuilder text) {
    ends.forEach((from, to) -> text.append(':').append(from).append(':').append(to));
  }

  /** From the numbers of {@link #write}, which begin at the word with this index. */
  static Intervals read(String[] word, int first) {
    var intervals = new Intervals();
    for (var i = first; i + 1 < word.length; i += 2) {
      intervals.ends.put(Long.parseLong(word[i]), Long.parseLong(word[i + 1]));
    }
    return intervals;
  }
}
