package clicktide.redis;

/** Makes calls of {@code take_over.lua}, which takes over one partition. */
final class TakeOverScript {
  private TakeOverScript() {}

  private record TakeOverArgument(int fence, String topic, String incarnation, String next) {}

  /** Raises the epoch of a fence that exists. */
  static ScriptCall existing(int partition, String topicId) {
    return orNew(partition, topicId, "", 0);
  }

  /** Raises the epoch of the fence, which is created if it is missing. */
  static ScriptCall orNew(int partition, String topicId, String incarnation, long next) {
    var keys = new ScriptKeys();
    var fence = keys.index(Keys.fence(partition));
    return new ScriptCall(
        "take_over", keys, new TakeOverArgument(fence, topicId, incarnation, Long.toString(next)));
  }
}
