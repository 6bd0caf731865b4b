package clicktide.redis;

import clicktide.count.HumanBotCount;
import clicktide.count.LiveTally;
import clicktide.event.Minute;
import clicktide.event.OwnerId;
import clicktide.store.LiveCounts;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads the hot hour: one script for each partition, so that its counts fit its position. */
public final class RedisLiveCounts implements LiveCounts {
  private static final int HEAD = 4; // incarnation, next, through, silent nodes

  private final RedisServers redis;

  public RedisLiveCounts(RedisServers redis) {
    this.redis = redis;
  }

  @Override
  public Future<Snapshot> link(long link, Minute from, Minute to) {
    return read("link", minutes(link, from, to))
        .map(
            parts ->
                snapshot(
                    parts,
                    (answer, links) -> {
                      for (var i = HEAD; i + 2 < answer.size(); i += 3) {
                        add(links, link, answer, i, i + 1);
                      }
                    }));
  }

  @Override
  public Future<Snapshot> owner(OwnerId owner, Minute from, Minute to) {
    return read("owner", minutes(owner.number(), from, to))
        .map(
            parts ->
                snapshot(
                    parts,
                    (answer, links) -> {
                      for (var i = HEAD; i + 3 < answer.size(); i += 4) {
                        add(links, answer.get(i + 1).toLong(), answer, i, i + 2);
                      }
                    }));
  }

  private static List<String> minutes(long subject, Minute from, Minute to) {
    return List.of(
        Long.toString(subject),
        Long.toString(from.number()),
        Long.toString(to.number() - from.number()));
  }

  /** The sums are looked at in full, since a link's clicks are spread over all partitions. */
  @Override
  public Future<Hour> hour(OwnerId owner, Minute first, int limit) {
    return read("hour", minutes(owner.number(), first, first.plus(LiveTally.MINUTES)))
        .compose(
            parts -> {
              var sums = new HashMap<Long, Long>();
              for (var part : parts.values()) {
                for (var i = HEAD; i + 1 < part.size(); i += 2) {
                  sums.merge(part.get(i).toLong(), part.get(i + 1).toLong(), Long::sum);
                }
              }
              var top =
                  sums.entrySet().stream()
                      .sorted(Map.Entry.<Long, Long>comparingByValue().reversed())
                      .limit(limit)
                      .map(Map.Entry::getKey)
                      .toList();
              var fresh = snapshot(parts, (_, _) -> {}).freshness();
              return clicks(top, first).map(clicks -> new Hour(fresh, clicks));
            });
  }

  /** People and machines apart. */
  private Future<Map<Long, HumanBotCount>> clicks(List<Long> links, Minute first) {
    if (links.isEmpty()) {
      return Future.succeededFuture(Map.of());
    }
    var arguments = new ArrayList<String>();
    arguments.add(Long.toString(first.number()));
    arguments.add(Integer.toString(LiveTally.MINUTES));
    links.forEach(link -> arguments.add(link.toString()));
    return read("links", arguments)
        .map(
            parts -> {
              var clicks = new HashMap<Long, HumanBotCount>();
              for (var part : parts.values()) {
                for (var i = 0; i < links.size(); i++) {
                  var some =
                      new HumanBotCount(part.get(2 * i).toLong(), part.get(2 * i + 1).toLong());
                  clicks.merge(links.get(i), some, HumanBotCount::plus);
                }
              }
              return clicks;
            });
  }

  private interface Reader {
    void read(Response answer, Map<Long, Map<Minute, HumanBotCount>> into);
  }

  private Future<Map<Integer, Response>> read(String script, List<String> arguments) {
    return redis
        .send(Request.cmd(Command.SMEMBERS).arg(Keys.PARTITIONS))
        .compose(
            partitions -> {
              var answers = new HashMap<Integer, Future<Response>>();
              for (var member : partitions) {
                var partition = member.toInteger();
                answers.put(
                    partition,
                    redis.run(
                        script,
                        List.of(Keys.fence(partition)),
                        Stream.concat(Stream.of(Keys.prefix(partition)), arguments.stream())
                            .toList()));
              }
              return Future.all(List.copyOf(answers.values()))
                  .map(
                      _ -> {
                        var results = new HashMap<Integer, Response>();
                        answers.forEach(
                            (partition, answer) -> results.put(partition, answer.result()));
                        return results;
                      });
            });
  }

  private static Snapshot snapshot(Map<Integer, Response> answers, Reader reader) {
    var parts = new ArrayList<Snapshot.PartitionPosition>();
    var links = new HashMap<Long, Map<Minute, HumanBotCount>>();
    answers.forEach(
        (partition, answer) -> {
          parts.add(
              new Snapshot.PartitionPosition(
                  partition,
                  answer.get(0).toString(),
                  answer.get(1).toLong(),
                  Instant.ofEpochMilli(answer.get(2).toLong()),
                  silent(answer.get(3).toString())));
          reader.read(answer, links);
        });
    return new Snapshot(parts, links);
  }

  private static Set<Long> silent(String nodes) {
    return Arrays.stream(nodes.split(",", -1))
        .filter(node -> !node.isEmpty())
        .map(Long::valueOf)
        .collect(Collectors.toSet());
  }

  private static void add(
      Map<Long, Map<Minute, HumanBotCount>> links,
      long link,
      Response answer,
      int minute,
      int human) {
    var clicks = new HumanBotCount(answer.get(human).toLong(), answer.get(human + 1).toLong());
    links
        .computeIfAbsent(link, _ -> new HashMap<>())
        .merge(new Minute(answer.get(minute).toLong()), clicks, HumanBotCount::plus);
  }
}
