package clicktide.redis;

/**
 * A call of a script of this package: its name, all keys that it touches, and its one argument. The
 * head of the script describes the document.
 */
record ScriptCall(String script, ScriptKeys keys, Object document) {}
