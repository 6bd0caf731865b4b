package clicktide.enrich;

import java.util.Optional;
import java.util.function.Function;

/**
 * A cache in which a key has one place, and a newer key with the same place replaces it. Usual keys
 * are found in some nanoseconds. Hostile variety costs neither memory nor search. For any thread:
 * entries are immutable, and one that is lost in a race is made again.
 */
final class PlacedCache<K, V> {
  private final Entry<K, V>[] entries;

  private record Entry<K, V>(K key, V value) {}

  /** {@code places} is a power of two. */
  @SuppressWarnings({"unchecked", "rawtypes"}) // an array cannot have a generic type
  PlacedCache(int places) {
    entries = new Entry[places];
  }

  Optional<V> get(K key) {
    var entry = entries[place(key)];
    return entry != null && entry.key.equals(key) ? Optional.of(entry.value) : Optional.empty();
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
    entries[place(key)] = new Entry<>(key, value);
  }

  private int place(K key) {
    var hash = key.hashCode() * 0x9e3779b9; // 2^32 divided by the golden ratio
    return (hash ^ hash >>> 16) & (entries.length - 1);
  }
}
