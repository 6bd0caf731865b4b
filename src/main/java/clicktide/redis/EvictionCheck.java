package clicktide.redis;

import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.util.Optional;

/**
 * A check of the eviction policy of Redis. Live counts expire, so every policy but {@code
 * noeviction} deletes some of them when the memory is full, and nothing would show it.
 */
public final class EvictionCheck {
  private static final String FIELD = "maxmemory_policy:";
  private static final String NEEDED = "noeviction";

  private EvictionCheck() {}

  /** Returns a warning in one sentence; empty if the policy is right or Redis does not tell it. */
  public static Future<Optional<String>> warning(RedisServers redis) {
    return redis
        .send(Request.cmd(Command.INFO).arg("memory")) // managed servers may refuse CONFIG GET
        .map(answer -> warning(answer.toString()))
        .otherwise(Optional.empty());
  }

  private static Optional<String> warning(String memory) {
    return memory
        .lines()
        .filter(line -> line.startsWith(FIELD))
        .map(line -> line.substring(FIELD.length()).strip())
        .filter(policy -> !policy.equals(NEEDED))
        .findFirst()
        .map(
            "Redis may delete live counts, because its maxmemory-policy is %s instead of noeviction."
                ::formatted);
  }
}
