package clicktide.redis;

import clicktide.store.AnalyticsTarget;
import clicktide.store.RecentClicks;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the lists of newest clicks of all partitions, merges them and finds their texts. */
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
            members -> {
              var partitions = members.stream().map(Response::toInteger).toList();
              var entries = all(partitions.stream().map(p -> entries(p, target, limit)).toList());
              var earlier = all(partitions.stream().map(p -> earlier(p, target, limit)).toList());
              return entries
                  .compose(found -> clicks(newest(found, limit)))
                  .compose(clicks -> earlier.map(others -> merge(clicks, others, limit)));
            });
  }

  private static <T> Future<List<T>> all(List<Future<T>> futures) {
    return Future.all(futures).map(_ -> futures.stream().map(Future::result).toList());
  }

  private Future<List<ClickEntry>> entries(int partition, AnalyticsTarget target, int limit) {
    return redis
        .send(
            Request.cmd(Command.GETRANGE)
                .arg(redis.named(Keys.newest(partition, target)))
                .arg(-limit * ClickEntry.WIDTH)
                .arg(-1))
        .map(text -> entries(partition, text.toString()));
  }

  /** Cuts a list from its end, where its newest entry is. */
  private List<ClickEntry> entries(int partition, String text) {
    var entries = new ArrayList<ClickEntry>();
    for (var end = text.length(); end > 0; end -= ClickEntry.WIDTH) {
      ClickEntry.read(partition, text.substring(Math.max(0, end - ClickEntry.WIDTH), end))
          .ifPresentOrElse(entries::add, this::warn);
    }
    return entries.reversed();
  }

  private Future<List<RecentClick>> earlier(int partition, AnalyticsTarget target, int limit) {
    return redis
        .send(
            Request.cmd(Command.LRANGE)
                .arg(redis.named(Keys.earlierNewest(partition, target)))
                .arg(0)
                .arg(limit - 1))
        .map(
            texts -> {
              var clicks = new ArrayList<RecentClick>();
              for (var text : texts) {
                RecentClickText.readEarlier(text.toString())
                    .ifPresentOrElse(clicks::add, this::warn);
              }
              return clicks;
            });
  }

  /** Returns the newest entries of all lists, the oldest first. */
  private static List<ClickEntry> newest(List<List<ClickEntry>> lists, int limit) {
    var entries = new ArrayList<ClickEntry>();
    lists.forEach(entries::addAll);
    entries.sort(Comparator.comparing(ClickEntry::at)); // a list has those of one time in order
    return entries.subList(Math.max(0, entries.size() - limit), entries.size());
  }

  /** Finds the texts of entries. An entry is left out if Redis no longer has its texts. */
  private Future<List<RecentClick>> clicks(List<ClickEntry> entries) {
    var ids = new TreeMap<Integer, Set<String>>();
    for (var entry : entries) {
      var ofPartition = ids.computeIfAbsent(entry.partition(), _ -> new TreeSet<>());
      ofPartition.add(entry.values());
      entry.codeId().ifPresent(ofPartition::add);
    }
    var texts = new HashMap<Integer, Future<Map<String, String>>>();
    ids.forEach((partition, asked) -> texts.put(partition, texts(partition, asked)));
    return all(List.copyOf(texts.values()))
        .map(
            _ -> {
              var clicks = new ArrayList<RecentClick>();
              for (var entry : entries) {
                var found = texts.get(entry.partition()).result();
                var code =
                    entry.codeId().isEmpty() ? entry.code() : found.get(entry.codeId().get());
                var values = found.get(entry.values());
                if (code != null && values != null) {
                  RecentClickText.read(entry.at(), code, values)
                      .ifPresentOrElse(clicks::add, this::warn);
                }
              }
              return clicks;
            });
  }

  /** Asks for the earlier texts last, because texts may become earlier ones meanwhile. */
  private Future<Map<String, String>> texts(int partition, Set<String> ids) {
    return texts(Keys.texts(partition), ids)
        .compose(
            found -> {
              var others = new TreeSet<>(ids);
              others.removeAll(found.keySet());
              return others.isEmpty()
                  ? Future.succeededFuture(found)
                  : texts(Keys.earlierTexts(partition), others)
                      .map(
                          earlier -> {
                            found.putAll(earlier);
                            return found;
                          });
            });
  }

  private Future<Map<String, String>> texts(String key, Set<String> ids) {
    var request = Request.cmd(Command.HMGET).arg(redis.named(key));
    ids.forEach(request::arg);
    return redis
        .send(request)
        .map(
            answer -> {
              var texts = new HashMap<String, String>();
              var index = 0;
              for (var id : ids) {
                var text = answer.get(index++);
                if (text != null) {
                  texts.put(id, text.toString());
                }
              }
              return texts;
            });
  }

  private static List<RecentClick> merge(
      List<RecentClick> clicks, List<List<RecentClick>> earlier, int limit) {
    var merged = new ArrayList<RecentClick>();
    earlier.forEach(merged::addAll);
    merged.addAll(clicks);
    merged.sort(Comparator.comparing(RecentClick::at));
    return List.copyOf(merged.reversed().subList(0, Math.min(limit, merged.size())));
  }

  private void warn() {
    if (!warned.getAndSet(true)) {
      log.warn("Recent clicks in Redis have an unknown form of a newer version and are left out");
    }
  }
}
