package clicktide.redis;

import clicktide.count.LiveTally;
import clicktide.enrich.EnrichedClick;
import clicktide.enrich.Reclassification;
import clicktide.event.Identity;
import clicktide.store.Await;
import clicktide.store.Batch;
import clicktide.store.Sink;
import clicktide.stream.Repeats;
import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/**
 * Counts the hot hour in sorted sets (C1). One script for each batch checks the fence, adds, moves
 * the position and publishes the increments, or does nothing.
 */
public final class RedisLiveSink implements Sink {
  private static final long PATIENCE_SECONDS = 10;
  static final int ID_HOURS = 2; // an id can come again as long as its minute is hot

  private final RedisServers redis;

  public RedisLiveSink(RedisServers redis) {
    this.redis = redis;
  }

  @Override
  public String name() {
    return "live";
  }

  @Override
  public Optional<Duration> memory() {
    return Optional.of(LiveTally.MEMORY);
  }

  @Override
  public Position takeOver(String topicId, int partition, LongSupplier beginning) {
    var answer = await(redis.run(TakeOverScript.existing(partition, topicId)));
    if (outcome(answer).equals("missing")) {
      var incarnation = UUID.randomUUID().toString();
      answer =
          await(
              redis.run(
                  TakeOverScript.orNew(partition, topicId, incarnation, beginning.getAsLong())));
    }
    if (!outcome(answer).equals("taken")) {
      throw new IllegalStateException(
          "Redis counts another topic than %s in partition %d: it was made for another log"
              .formatted(topicId, partition));
    }
    await(redis.send(Request.cmd(Command.SADD).arg(Keys.PARTITIONS).arg(partition)));
    return new Position(
        new Batch.FencingToken(answer.path("incarnation").asText(), answer.path("epoch").asLong()),
        answer.path("next").asLong(),
        answer.path("state").asText());
  }

  private static String outcome(JsonNode answer) {
    return answer.path("outcome").asText();
  }

  @Override
  public void apply(String topicId, List<Batch> batches) {
    var applied = batches.stream().map(this::apply).toList();
    for (var i = 0; i < batches.size(); i++) {
      var outcome = outcome(await(applied.get(i)));
      if (!outcome.equals("applied")) {
        throw new BatchRefused(
            "partition %d is not ours at %d any more: %s"
                .formatted(batches.get(i).partition(), batches.get(i).from(), outcome));
      }
    }
  }

  private Future<JsonNode> apply(Batch batch) {
    var visits = batch.content().clicks();
    var moved = batch.content().reclassified();
    var collected = collected(visits);
    collected.addAll(collected(moved.stream().map(Reclassification::click).toList()));
    if (collected.isEmpty()) {
      return apply(batch, visits, List.of(), List.of());
    }
    return seen(batch, collected)
        .compose(
            seen -> {
              var fresh = new HashSet<>(collected);
              seen.forEach(fresh::remove);
              var ids = fresh.stream().map(Keys::id).toList();
              var kept = Repeats.without(visits, fresh);
              return apply(batch, kept, Repeats.withoutReclassified(moved, fresh), ids);
            });
  }

  /** The broker's time of its newest event. */
  private static Instant last(Batch batch) {
    var content = batch.content();
    return Stream.concat(
            content.clicks().stream(), content.reclassified().stream().map(Reclassification::click))
        .map(EnrichedClick::loggedAt)
        .max(Instant::compareTo)
        .orElse(Instant.EPOCH);
  }

  private static List<Identity.Collected> collected(List<EnrichedClick> visits) {
    var ids = new ArrayList<Identity.Collected>();
    for (var visit : visits) {
      if (visit.click().identity() instanceof Identity.Collected id
          && LiveTally.isInHotHour(visit)) {
        ids.add(id);
      }
    }
    return ids;
  }

  /**
   * Which of the ids were counted before. Nobody can count one between this question and the
   * script: the fence would have moved.
   */
  private Future<List<Identity.Collected>> seen(Batch batch, List<Identity.Collected> ids) {
    var loggedAt = last(batch);
    var answers = new ArrayList<Future<Response>>();
    for (var hours = 0; hours <= ID_HOURS; hours++) {
      var request =
          Request.cmd(Command.SMISMEMBER)
              .arg(Keys.ids(batch.partition(), loggedAt.minus(Duration.ofHours(hours))));
      ids.forEach(id -> request.arg(Keys.id(id)));
      answers.add(redis.send(request));
    }
    return Future.all(answers)
        .map(
            _ -> {
              var seen = new ArrayList<Identity.Collected>();
              for (var i = 0; i < ids.size(); i++) {
                for (var answer : answers) {
                  if (answer.result().get(i).toInteger() == 1) {
                    seen.add(ids.get(i));
                  }
                }
              }
              return seen;
            });
  }

  private Future<JsonNode> apply(
      Batch batch, List<EnrichedClick> visits, List<Reclassification> moved, List<String> ids) {
    return redis.run(ApplyScript.of(batch, last(batch), visits, moved, ids));
  }

  private static <T> T await(Future<T> future) {
    return Await.on(future, PATIENCE_SECONDS);
  }

  @Override
  public void close() {} // the client belongs to whoever made it
}
