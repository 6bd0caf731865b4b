package clicktide.postgres.sink;

import clicktide.enrich.ClickValues;
import clicktide.enrich.Dimension;
import java.util.Set;

/** A value of a dimension, by the id of the dimension. */
record DictionaryEntry(short dimension, String value) {
  /** Values that every owner has. */
  private static final Set<String> KEPT = Set.of("", Dimension.OTHER);

  private static final Set<Short> OPEN =
      Set.copyOf(Dimension.OPEN.stream().map(dimension -> (short) dimension.id()).toList());

  static DictionaryEntry of(Dimension dimension, ClickValues values) {
    return of(dimension, values.of(dimension));
  }

  static DictionaryEntry of(Dimension dimension, String value) {
    return new DictionaryEntry((short) dimension.id(), value);
  }

  /** Returns true if an owner may not have the value. */
  boolean dependsOnOwner() {
    return OPEN.contains(dimension) && !KEPT.contains(value);
  }
}
