package clicktide.enrich;

import java.util.Optional;
import java.util.function.Function;

/**
 * A cache in which a key has four places, and a newer key takes that of the oldest one there. Usual
 * keys are found in some nanoseconds. Hostile variety costs neither memory nor search. For any
 * thread: entries are immutable, and one that is lost in a race is made again.
 */
final class PlacedCache<K, V> {
  // Of 60,000 usual keys in 131,072 places, a fifth of lookups miss with one, 3 % with four.
  private static final int PLACES_OF_KEY = 4;

  private final Entry<K, V>[] entries;

  private record Entry<K, V>(int hash, K key, V value) {}

  /** {@code places} is a power of two. */
  @SuppressWarnings({"unchecked", "rawtypes"}) // an array cannot have a generic type
  PlacedCache(int places) {
    entries = new Entry[places];
  }

  Optional<V> get(K key) {
    var hash = key.hashCode(); // compared first, because a key may have many parts
    var first = first(hash);
    for (var place = first; place < first + PLACES_OF_KEY; place++) {
      var entry = entries[place];
      if (entry == null) {
        break; // places are filled in order
      }
      if (entry.hash == hash && entry.key.equals(key)) {
        return Optional.of(entry.value);
      }
    }
    return Optional.empty();
  }

  /** Returns the value of a key, made now if it is not there. */
  V get(K key, Function<? super K, ? extends V> make) {
    var known = get(key);
    if (known.isPresent()) {
      return known.get();
    }
    V made = make.apply(key);
    put(key, made);
    return made;
  }

  void put(K key, V value) {
    var hash = key.hashCode();
    var first = first(hash);
    System.arraycopy(entries, first, entries, first + 1, PLACES_OF_KEY - 1);
    entries[first] = new Entry<>(hash, key, value);
  }

  private int first(int hash) {
    var spread = hash * 0x9e3779b9; // 2^32 divided by the golden ratio
    return (spread ^ spread >>> 16) & (entries.length - PLACES_OF_KEY);
  }
}
