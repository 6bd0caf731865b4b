package clicktide.stream;

import clicktide.wire.SavedState.SequenceRange;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A set of numbers from 0 on as ranges [from, to) in ascending order, which never touch. An empty
 * range after a gap says that the gap is known, even if no number after it was added. The usual
 * next number extends the last range in place. Not for several threads.
 */
final class Intervals {
  private long[] starts = new long[2];
  private long[] ends = new long[2];
  private int size;

  /** Measures a gap [from, to). */
  interface Measure {
    long of(long from, long to);
  }

  static Intervals of(List<SequenceRange> ranges) {
    var intervals = new Intervals();
    ranges.forEach(range -> intervals.insert(intervals.size, range.from(), range.to()));
    return intervals;
  }

  List<SequenceRange> ranges() {
    var ranges = new ArrayList<SequenceRange>(size);
    for (var i = 0; i < size; i++) {
      ranges.add(new SequenceRange(starts[i], ends[i]));
    }
    return ranges;
  }

  boolean contains(long number) {
    var before = floor(number);
    return before >= 0 && ends[before] > number;
  }

  /** Returns the last range that begins at a number or before it, -1 if there is none. */
  private int floor(long number) {
    if (size > 0 && starts[size - 1] <= number) {
      return size - 1;
    }
    var found = Arrays.binarySearch(starts, 0, size, number);
    return found >= 0 ? found : -2 - found;
  }

  /** Adds [first, end). */
  void cover(long first, long end) {
    var before = floor(first);
    var joins = before >= 0 && ends[before] >= first;
    var at = joins ? before : before + 1;
    var from = joins ? starts[before] : first;
    var to = end;
    var next = at;
    for (; next < size && starts[next] <= to; next++) {
      to = Math.max(to, ends[next]);
    }
    if (next == at) {
      insert(at, from, to);
    } else {
      starts[at] = from;
      ends[at] = to;
      remove(at + 1, next);
    }
  }

  private void insert(int at, long from, long to) {
    if (size == starts.length) {
      starts = Arrays.copyOf(starts, 2 * size);
      ends = Arrays.copyOf(ends, 2 * size);
    }
    System.arraycopy(starts, at, starts, at + 1, size - at);
    System.arraycopy(ends, at, ends, at + 1, size - at);
    starts[at] = from;
    ends[at] = to;
    size++;
  }

  private void remove(int first, int next) {
    System.arraycopy(starts, next, starts, first, size - next);
    System.arraycopy(ends, next, ends, first, size - next);
    size -= next - first;
  }

  /** Remembers that the number is missing, unless it was added. */
  void leaveOut(long number) {
    var before = floor(number + 1);
    var isKnown = before >= 0 && starts[before] == number + 1;
    if (!isKnown && !contains(number)) {
      insert(before + 1, number + 1, number + 1);
    }
  }

  boolean isWithoutGap() {
    return size == 0 || (size == 1 && starts[0] == 0);
  }

  /** Returns the sum of all gaps in [0, to). */
  long gaps(long to, Measure measure) {
    var sum = 0L;
    var at = 0L;
    for (var i = 0; i < size && starts[i] < to; i++) {
      sum += measure.of(at, starts[i]);
      at = ends[i];
    }
    return sum + measure.of(at, to);
  }

  /** Returns the end of the last range, 0 if there is none. */
  long end() {
    return size == 0 ? 0 : ends[size - 1];
  }
}
