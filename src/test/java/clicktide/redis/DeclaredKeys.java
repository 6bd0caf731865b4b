package clicktide.redis;

/** Makes a script fail when it touches a key that is not in KEYS, as a Redis cluster may do. */
final class DeclaredKeys {
  private static final String CHECK =
      """
      local declared = {}
      for _, key in ipairs(KEYS) do declared[key] = true end
      local server = redis
      local redis = {call = function(command, key, ...)
        if command ~= 'PUBLISH' and not declared[key] then error('not in KEYS: ' .. tostring(key)) end
        return server.call(command, key, ...)
      end}
      """;

  private DeclaredKeys() {}

  static String watch(String script) {
    return CHECK + script;
  }
}
