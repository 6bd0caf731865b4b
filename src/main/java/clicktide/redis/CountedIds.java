package clicktide.redis;

import clicktide.event.Identity;
import clicktide.store.Retention;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Asks Redis for the ids of collected events that were counted in the last hours (G4). */
final class CountedIds {
  private final RedisServers redis;

  CountedIds(RedisServers redis) {
    this.redis = redis;
  }

  /**
   * Returns those of {@code ids} that were counted before. {@code last} is the broker's time of the
   * newest event. The answer stays true until the batch is applied: another writer would move the
   * fence.
   */
  Future<Set<Identity.Collected>> among(
      Collection<Identity.Collected> ids, int partition, Instant last) {
    var asked = List.copyOf(ids);
    var answers = new ArrayList<Future<Response>>();
    for (var hours = 0; hours <= Retention.LIVE_IDS.toHours(); hours++) {
      var key = redis.named(Keys.ids(partition, last.minus(Duration.ofHours(hours))));
      var request = Request.cmd(Command.SMISMEMBER).arg(key);
      asked.forEach(id -> request.arg(Keys.id(id)).arg(Keys.unpaddedId(id)));
      answers.add(redis.send(request));
    }
    return Future.all(answers)
        .map(
            _ -> {
              var counted = new HashSet<Identity.Collected>();
              for (var answer : answers) {
                for (var i = 0; i < asked.size(); i++) {
                  if (isMember(answer.result(), 2 * i) || isMember(answer.result(), 2 * i + 1)) {
                    counted.add(asked.get(i));
                  }
                }
              }
              return counted;
            });
  }

  private static boolean isMember(Response answer, int i) {
    return answer.get(i).toInteger() == 1;
  }
}
