package clicktide.redis;

import clicktide.count.LiveTally;
import clicktide.count.Outcome;
import clicktide.enrich.EnrichedClick;
import clicktide.event.Identity;
import clicktide.store.Await;
import clicktide.store.Batch;
import clicktide.store.Sink;
import clicktide.stream.Repeats;
import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The live sink: counts the hot hour in sorted sets of Redis (C1). One script for each batch checks
 * the fence, adds the counts, moves the position and publishes the increments, or changes nothing.
 */
public final class RedisLiveSink implements Sink {
  private static final long TIMEOUT_SECONDS = 10;

  private final RedisServers redis;
  private final Supplier<UUID> incarnations;
  private final CountedIds countedIds;
  private final SharedTexts sharedTexts = new SharedTexts();

  /** By partition, the texts that Redis surely has. Only the thread of the sink uses the map. */
  private final Map<Integer, SentTexts> sentTexts = new HashMap<>();

  /** {@code incarnations} gives a new random id for each fence that is created. */
  public RedisLiveSink(RedisServers redis, Supplier<UUID> incarnations) {
    this.redis = redis;
    this.incarnations = incarnations;
    countedIds = new CountedIds(redis);
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
    sentTexts.remove(partition); // Redis may be one that went back
    var answer = await(redis.run(TakeOverScript.existing(partition, topicId)));
    if (outcome(answer).equals("missing")) {
      var incarnation = incarnations.get().toString();
      answer =
          await(
              redis.run(
                  TakeOverScript.orNew(partition, topicId, incarnation, beginning.getAsLong())));
    }
    if (!outcome(answer).equals("taken")) {
      throw new IllegalStateException(
          "Redis counts another log, so it cannot count partition %d of topic %s"
              .formatted(partition, topicId));
    }
    await(redis.send(Request.cmd(Command.SADD).arg(redis.named(Keys.PARTITIONS)).arg(partition)));
    return new Position(
        new Batch.FencingToken(answer.path("incarnation").asText(), answer.path("epoch").asLong()),
        answer.path("next").asLong(),
        answer.path("state").asText(),
        EndedNodeFields.read(answer.path("ended")));
  }

  private static String outcome(JsonNode answer) {
    return answer.path("outcome").asText();
  }

  /** A batch that was sent, and the texts that Redis has if it applies the batch. */
  private record SentBatch(Batch batch, SentTexts texts, Future<JsonNode> answer) {}

  @Override
  public void apply(String topicId, List<Batch> batches) {
    for (var sent : batches.stream().map(this::send).toList()) {
      var answer = await(sent.answer);
      if (!outcome(answer).equals("applied")) {
        throw new BatchRefused(
            "The batch of partition %d from offset %d is refused, because its fence differs in: %s"
                .formatted(sent.batch.partition(), sent.batch.from(), outcome(answer)));
      }
      if (!answer.path("full").asBoolean()) {
        sentTexts.put(sent.batch.partition(), sent.texts);
      }
    }
  }

  /** Takes the texts of the partition out, so that after any failure all texts are sent again. */
  private SentBatch send(Batch batch) {
    var texts = Optional.ofNullable(sentTexts.remove(batch.partition())).orElseGet(SentTexts::new);
    return new SentBatch(batch, texts, send(batch, new NewestClicks(sharedTexts, texts)));
  }

  private Future<JsonNode> send(Batch batch, NewestClicks newest) {
    var clicks = new ArrayList<EnrichedClick>(batch.outcomes().size());
    var reclassified = new ArrayList<Outcome.Reclassified>(0);
    for (var outcome : batch.outcomes()) {
      switch (outcome) {
        case Outcome.Counted(EnrichedClick click) -> clicks.add(click);
        case Outcome.Reclassified one -> reclassified.add(one);
        case Outcome.Duplicate _, Outcome.Rejected _, Outcome.Shed _ -> {}
      }
    }
    var all = new ArrayList<>(clicks);
    reclassified.forEach(one -> all.add(one.click()));
    var last = last(all);
    var collected = collected(all);
    if (collected.isEmpty()) {
      return redis.run(
          ApplyScript.of(batch, channel(), newest, last, clicks, List.of(), List.of()));
    }
    return countedIds
        .among(collected, batch.partition(), last)
        .compose(
            counted -> {
              collected.removeAll(counted);
              return redis.run(
                  ApplyScript.of(
                      batch,
                      channel(),
                      newest,
                      last,
                      Repeats.without(clicks, collected),
                      Repeats.withoutReclassified(reclassified, collected),
                      collected.stream().map(Keys::id).toList()));
            });
  }

  private String channel() {
    return redis.named(Keys.CHANNEL);
  }

  /** Returns the broker's time of the newest event. */
  private static Instant last(List<EnrichedClick> clicks) {
    var last = Instant.EPOCH;
    for (var click : clicks) {
      last = click.loggedAt().isAfter(last) ? click.loggedAt() : last;
    }
    return last;
  }

  private static Set<Identity.Collected> collected(List<EnrichedClick> clicks) {
    var ids = new HashSet<Identity.Collected>();
    for (var click : clicks) {
      if (click.click().identity() instanceof Identity.Collected id
          && LiveTally.isInHotHour(click)) {
        ids.add(id);
      }
    }
    return ids;
  }

  private static <T> T await(Future<T> future) {
    return Await.on(future, TIMEOUT_SECONDS);
  }

  /** Leaves the client open, because other parts use it. */
  @Override
  public void close() {}
}
