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
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the lists of newest clicks of all partitions and merges them. */
public final class RedisRecentClicks implements RecentClicks {
  private static final Logger log = LoggerFactory.getLogger(RedisRecentClicks.class);

  private final RedisServers redis;
  private final AtomicBoolean warned = new AtomicBoolean();

  public RedisRecentClicks(RedisServers redis) {
    this.redis = redis;
  }

  @Override
  public Future<List<RecentClick>> newest(AnalyticsTarget target, int limit) {
    return redis
        .send(Request.cmd(Command.SMEMBERS).arg(redis.named(Keys.PARTITIONS)))
        .compose(
            partitions -> {
              var lists = new ArrayList<Future<Response>>();
              for (var partition : partitions) {
                var number = partition.toInteger();
                lists.add(range(Keys.newest(number, target), -limit, -1));
                lists.add(range(Keys.earlierNewest(number, target), 0, limit - 1));
              }
              return Future.all(lists).map(_ -> merge(lists, limit));
            });
  }

  private Future<Response> range(String key, int first, int last) {
    return redis.send(Request.cmd(Command.LRANGE).arg(redis.named(key)).arg(first).arg(last));
  }

  private List<RecentClick> merge(List<Future<Response>> lists, int limit) {
    var clicks = new ArrayList<RecentClick>();
    for (var list : lists) {
      for (var text : list.result()) {
        RecentClickText.read(text.toString()).ifPresentOrElse(clicks::add, this::warn);
      }
    }
    clicks.sort(Comparator.comparing(RecentClick::at)); // a list has those of one time in order
    return List.copyOf(clicks.reversed().subList(0, Math.min(limit, clicks.size())));
  }

  private void warn() {
    if (!warned.getAndSet(true)) {
      log.warn("Recent clicks in Redis have an unknown form of a newer version and are left out");
    }
  }
}
