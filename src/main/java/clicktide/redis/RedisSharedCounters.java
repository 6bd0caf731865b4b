package clicktide.redis;

import clicktide.store.SharedCounters;
import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Counters of limits in Redis: a hash for each key of a limit, which expires with its window. */
public final class RedisSharedCounters implements SharedCounters {
  private static final long TIMEOUT_SECONDS = 1;

  private final RedisServers redis;
  private final String process;
  private final Supplier<UUID> windows;

  /** {@code process} names this process, {@code windows} each new window. */
  public RedisSharedCounters(RedisServers redis, String process, Supplier<UUID> windows) {
    this.redis = redis;
    this.process = process;
    this.windows = windows;
  }

  private record LimitArgument(String process, List<Counter> counters) {}

  private record Counter(int key, String window, boolean joins, int uses, long millis) {}

  @Override
  public Future<List<OtherUses>> exchange(String limit, List<OwnUses> own) {
    var keys = new ScriptKeys();
    var counters =
        own.stream()
            .map(
                uses ->
                    new Counter(
                        keys.index(Keys.limit(limit, uses.key())),
                        uses.window().orElseGet(() -> windows.get().toString()),
                        uses.window().isEmpty(),
                        uses.uses(),
                        uses.millis()))
            .toList();
    return redis
        .run(new ScriptCall("limit", keys, new LimitArgument(process, counters)))
        .timeout(TIMEOUT_SECONDS, TimeUnit.SECONDS)
        .map(RedisSharedCounters::read);
  }

  private static List<OtherUses> read(JsonNode answers) {
    var others = new ArrayList<OtherUses>();
    answers.forEach(
        answer ->
            others.add(
                new OtherUses(
                    answer.path("window").asText(),
                    answer.path("uses").asLong(),
                    answer.path("millis").asLong())));
    return others;
  }
}
