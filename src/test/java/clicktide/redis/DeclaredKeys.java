package clicktide.redis;

/** Makes a script fail when it touches a key that is not in KEYS, as a Redis cluster may do. */
final class DeclaredKeys {
  private static final String CHECK =
      """
      local declared = {}
      for _, key in ipairs(KEYS) do declared[key] = true end
      local server = redis
      local function require(command, key)
        if command ~= 'PUBLISH' and not declared[key] then error('not in KEYS: ' .. tostring(key)) end
      end
      local redis = {
        call = function(command, key, ...) require(command, key); return server.call(command, key, ...) end,
        pcall = function(command, key, ...) require(command, key); return server.pcall(command, key, ...) end,
      }
      """;

  private DeclaredKeys() {}

  static String watch(String script) {
    return CHECK + script;
  }
}
