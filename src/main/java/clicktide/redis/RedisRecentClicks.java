package clicktide.redis;

import clicktide.store.AnalyticsTarget;
import clicktide.store.RecentClicks;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Reads the lists that the batch script keeps, one for each partition, and merges them. */
public final class RedisRecentClicks implements RecentClicks {
  private final RedisServers redis;

  public RedisRecentClicks(RedisServers redis) {
    this.redis = redis;
  }

  @Override
  public Future<List<Seen>> newest(AnalyticsTarget whose, int limit) {
    return redis
        .send(Request.cmd(Command.SMEMBERS).arg(Keys.PARTITIONS))
        .compose(
            partitions -> {
              var lists = new ArrayList<Future<Response>>();
              for (var partition : partitions) {
                var key = Keys.newest(partition.toInteger(), whose);
                lists.add(redis.send(Request.cmd(Command.LRANGE).arg(key).arg(0).arg(limit - 1)));
              }
              return Future.all(lists).map(_ -> merge(lists, limit));
            });
  }

  private static List<Seen> merge(List<Future<Response>> lists, int limit) {
    var all = new ArrayList<Seen>();
    lists.forEach(list -> list.result().forEach(text -> all.add(SeenText.read(text.toString()))));
    all.sort(Comparator.comparing(Seen::at).reversed());
    return all.subList(0, Math.min(limit, all.size()));
  }
}
