package clicktide.postgres.sink;

import clicktide.enrich.ClickValues;
import clicktide.enrich.Dimension;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The admitted values of one link and day as 64-bit hashes, by dimension, and the values that have
 * a place reserved. Two values with one hash are taken for one, so the second is admitted without
 * being counted; no sum depends on it. Not for several threads.
 */
final class AdmittedValues {
  static final int EMPTY_BYTES = 64;
  private static final String MARK = "#";
  private static final int HEX_DIGITS = 16;

  private final long[][] hashes = new long[Dimension.values().length][]; // sorted up to its count
  private final int[] counts = new int[hashes.length];
  private final long[][] reserved = new long[hashes.length][]; // sorted
  private final int[] open = new int[hashes.length]; // reserved and not admitted yet
  private int bytes = EMPTY_BYTES;

  /** Returns the form in which the store keeps a hash. */
  static String text(long hash) {
    return MARK + "%016x".formatted(hash);
  }

  /** Reads the form that the store keeps; earlier versions kept the value itself. */
  static long hashOf(String text) {
    return text.matches(MARK + "[0-9a-f]{" + HEX_DIGITS + "}")
        ? Long.parseUnsignedLong(text, MARK.length(), text.length(), 16)
        : ClickValues.hash(text);
  }

  boolean contains(Dimension dimension, long hash) {
    return count(dimension) > 0 && find(dimension, hash) >= 0;
  }

  int count(Dimension dimension) {
    return counts[dimension.index()];
  }

  /** Adds a hash; one that is there already changes nothing. */
  void add(Dimension dimension, long hash) {
    var place = -1 - find(dimension, hash);
    if (place < 0) {
      return;
    }
    var index = dimension.index();
    var count = counts[index];
    var values = hashes[index] == null ? new long[1] : hashes[index];
    if (count == values.length) {
      values = Arrays.copyOf(values, 2 * count);
    }
    System.arraycopy(values, place, values, place + 1, count - place);
    values[place] = hash;
    bytes += Long.BYTES * (values.length - (hashes[index] == null ? 0 : hashes[index].length));
    hashes[index] = values;
    counts[index] = count + 1;
    open[index] -= isReserved(dimension, hash) ? 1 : 0;
  }

  boolean hasReserved(Dimension dimension) {
    return reserved[dimension.index()] != null;
  }

  /** Reserves places for sorted hashes. To be called once. */
  void reserve(Dimension dimension, long[] sorted) {
    reserved[dimension.index()] = sorted;
    for (var hash : sorted) {
      open[dimension.index()] += contains(dimension, hash) ? 0 : 1;
    }
    bytes += Long.BYTES * (1 + sorted.length);
  }

  private boolean isReserved(Dimension dimension, long hash) {
    return hasReserved(dimension) && Arrays.binarySearch(reserved[dimension.index()], hash) >= 0;
  }

  /** Returns true if a hash that is not admitted has one of {@code places} places. */
  boolean hasPlace(Dimension dimension, long hash, int places) {
    return count(dimension) + open[dimension.index()] < places || isReserved(dimension, hash);
  }

  private int find(Dimension dimension, long hash) {
    var count = count(dimension);
    return count == 0 ? -1 : Arrays.binarySearch(hashes[dimension.index()], 0, count, hash);
  }

  /** Returns the hashes of a dimension in the form that the store keeps. */
  List<String> texts(Dimension dimension) {
    var texts = new ArrayList<String>();
    for (var i = 0; i < count(dimension); i++) {
      texts.add(text(hashes[dimension.index()][i]));
    }
    return texts;
  }

  /** Returns about how many bytes this object holds. */
  int bytes() {
    return bytes;
  }
}
