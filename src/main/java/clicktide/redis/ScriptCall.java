package clicktide.redis;

import java.util.List;

/**
 * A call of a script of this package: its name, all keys that it touches, its document, and texts
 * that it only passes on, from ARGV[2] on. The head of the script describes them.
 */
record ScriptCall(String script, ScriptKeys keys, Object document, List<String> texts) {
  ScriptCall(String script, ScriptKeys keys, Object document) {
    this(script, keys, document, List.of());
  }
}
