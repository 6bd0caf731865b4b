package clicktide.redis;

import clicktide.count.HumanBotCount;
import clicktide.count.LiveTally;
import clicktide.event.Minute;
import clicktide.event.OwnerId;
import clicktide.store.AnalyticsTarget;
import clicktide.store.LiveCounts;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.function.ToLongBiFunction;

/**
 * Reads the hot hour with one script for each partition, so the counts of a partition belong to the
 * position that is read with them.
 */
public final class RedisLiveCounts implements LiveCounts {
  private final RedisServers redis;

  public RedisLiveCounts(RedisServers redis) {
    this.redis = redis;
  }

  @Override
  public Future<Snapshot> link(AnalyticsTarget.LinkTarget link, Minute from, Minute to) {
    return read(partition -> ReadScripts.link(partition, link, from, to))
        .map(answers -> snapshot(answers, (_, _) -> link.id()));
  }

  @Override
  public Future<Snapshot> owner(OwnerId owner, Minute from, Minute to) {
    return read(partition -> ReadScripts.owner(partition, owner, from, to))
        .map(answers -> snapshot(answers, (answer, row) -> answer.at("links", row)));
  }

  private static Snapshot snapshot(
      List<PartitionAnswer> answers, ToLongBiFunction<PartitionAnswer, Integer> link) {
    var links = new HashMap<Long, Map<Minute, HumanBotCount>>();
    for (var answer : answers) {
      for (var row = 0; row < answer.rows("minutes"); row++) {
        links
            .computeIfAbsent(link.applyAsLong(answer, row), _ -> new HashMap<>())
            .merge(new Minute(answer.at("minutes", row)), clicks(answer, row), HumanBotCount::plus);
      }
    }
    return new Snapshot(states(answers), links);
  }

  private static List<Snapshot.PartitionPosition> states(List<PartitionAnswer> answers) {
    return answers.stream().map(PartitionAnswer::state).toList();
  }

  private static HumanBotCount clicks(PartitionAnswer answer, int row) {
    return new HumanBotCount(answer.at("human", row), answer.at("bot", row));
  }

  /** Reads all sums before it takes the largest, because each partition has clicks of a link. */
  @Override
  public Future<Hour> hour(OwnerId owner, Minute first, int limit) {
    return read(partition -> ReadScripts.hour(partition, owner, first))
        .compose(
            answers -> {
              var freshness = new Snapshot(states(answers), Map.of()).freshness();
              return clicks(top(answers, limit), first).map(clicks -> new Hour(freshness, clicks));
            });
  }

  private static List<Long> top(List<PartitionAnswer> answers, int limit) {
    var sums = new HashMap<Long, Long>();
    for (var answer : answers) {
      for (var row = 0; row < answer.rows("links"); row++) {
        sums.merge(answer.at("links", row), answer.at("clicks", row), Long::sum);
      }
    }
    return sums.entrySet().stream()
        .sorted(Map.Entry.<Long, Long>comparingByValue().reversed())
        .limit(limit)
        .map(Map.Entry::getKey)
        .toList();
  }

  private Future<Map<Long, HumanBotCount>> clicks(List<Long> links, Minute first) {
    if (links.isEmpty()) {
      return Future.succeededFuture(Map.of());
    }
    var after = first.plus(LiveTally.MINUTES);
    return read(partition -> ReadScripts.links(partition, links, first, after))
        .map(
            answers -> {
              var clicks = new HashMap<Long, HumanBotCount>();
              for (var answer : answers) {
                for (var row = 0; row < links.size(); row++) {
                  clicks.merge(links.get(row), clicks(answer, row), HumanBotCount::plus);
                }
              }
              return clicks;
            });
  }

  private Future<List<PartitionAnswer>> read(IntFunction<ScriptCall> call) {
    return redis
        .send(Request.cmd(Command.SMEMBERS).arg(redis.named(Keys.PARTITIONS)))
        .compose(partitions -> Future.all(answers(partitions, call)))
        .map(answers -> answers.<PartitionAnswer>list());
  }

  private List<Future<PartitionAnswer>> answers(Response partitions, IntFunction<ScriptCall> call) {
    var answers = new ArrayList<Future<PartitionAnswer>>();
    for (var member : partitions) {
      var partition = member.toInteger();
      answers.add(
          redis
              .run(call.apply(partition))
              .map(document -> new PartitionAnswer(partition, document)));
    }
    return answers;
  }
}
