package clicktide.redis;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The keys that a script touches, each once. A document refers to a key by its index, counted from
 * 1 as in Lua.
 */
final class ScriptKeys {
  private final Map<String, Integer> indexes = new LinkedHashMap<>();

  /** Declares a key, if it is new, and returns its index. */
  int index(String key) {
    return indexes.computeIfAbsent(key, _ -> indexes.size() + 1);
  }

  List<String> all() {
    return new ArrayList<>(indexes.keySet());
  }
}
