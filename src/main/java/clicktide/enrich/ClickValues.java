package clicktide.enrich;

import clicktide.event.LinkClick;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The values of one click, one for each {@link Dimension}: at most 128 characters that every store
 * takes, empty for none. Many clicks share an instance, so stores remember what they know about it.
 * Immutable.
 */
public final class ClickValues {
  private static final List<Dimension> ALL = List.of(Dimension.values());

  /** The values of a click without enrichment. */
  static final ClickValues NONE = new ClickValues(Collections.nCopies(ALL.size(), ""));

  private static final int LONGEST_VALUE = 128;

  private final List<String> texts; // in the order of Dimension
  private final int hash;
  private final long[] hashes; // of the values of open dimensions

  private ClickValues(List<String> texts) {
    var storable = new String[texts.size()];
    for (var i = 0; i < storable.length; i++) {
      storable[i] = storable(texts.get(i));
    }
    this.texts = List.of(storable);
    hash = this.texts.hashCode();
    hashes = new long[storable.length];
    for (var dimension : Dimension.OPEN) {
      hashes[dimension.index()] = hash(storable[dimension.index()]);
    }
  }

  /** Takes the values of a click from its findings. */
  static ClickValues of(LinkClick click, Findings findings) {
    var texts = new ArrayList<String>(ALL.size());
    for (var dimension : ALL) {
      texts.add(dimension.of(click, findings));
    }
    return new ClickValues(texts);
  }

  /** Takes texts in the order of {@link Dimension}. */
  public static ClickValues of(List<String> texts) {
    if (texts.size() != ALL.size()) {
      throw new IllegalArgumentException("%d values of dimensions".formatted(texts.size()));
    }
    return new ClickValues(texts);
  }

  public String of(Dimension dimension) {
    return texts.get(dimension.index());
  }

  /** Returns the hash of the value of an open dimension, see {@link #hash(String)}. */
  public long hash(Dimension dimension) {
    return hashes[dimension.index()];
  }

  /**
   * Hashes a value: a polynomial over its characters, mixed by the finalizer of MurmurHash3. Stores
   * keep such hashes, so the function never changes.
   */
  public static long hash(String value) {
    var hash = 1_125_899_906_842_597L; // any large prime
    for (var i = 0; i < value.length(); i++) {
      hash = 31 * hash + value.charAt(i);
    }
    hash = (hash ^ (hash >>> 33)) * 0xff51afd7ed558ccdL;
    hash = (hash ^ (hash >>> 33)) * 0xc4ceb9fe1a85ec53L;
    return hash ^ (hash >>> 33);
  }

  /** Returns the texts in the order of {@link Dimension}. */
  public List<String> texts() {
    return texts;
  }

  /** Returns the same values but one. */
  public ClickValues with(Dimension dimension, String text) {
    var changed = new ArrayList<>(texts);
    changed.set(dimension.index(), text);
    return new ClickValues(changed);
  }

  /** Most texts are storable, and a check is much cheaper than a copy. */
  private static String storable(String text) {
    return isStorable(text)
        ? text
        : text.codePoints()
            .filter(c -> !isRefused(c))
            .limit(LONGEST_VALUE)
            .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
            .toString();
  }

  private static boolean isStorable(String text) {
    if (text.length() > LONGEST_VALUE) {
      return false;
    }
    for (var i = 0; i < text.length(); i++) {
      if (isRefused(text.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  /** Stores refuse control characters and lone surrogates. */
  private static boolean isRefused(int codePoint) {
    return Character.isISOControl(codePoint)
        || (codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE);
  }

  @Override
  public boolean equals(Object other) {
    return this == other
        || (other instanceof ClickValues values
            && hash == values.hash
            && texts.equals(values.texts));
  }

  @Override
  public int hashCode() {
    return hash;
  }

  @Override
  public String toString() {
    return texts.toString();
  }
}
