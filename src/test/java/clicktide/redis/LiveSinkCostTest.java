package clicktide.redis;

import clicktide.count.AllocatedBytes;
import clicktide.count.CostGuard;
import clicktide.count.ZipfClicks;
import clicktide.embedded.TestServers;
import clicktide.enrich.EnrichedClick;
import clicktide.store.Batch;
import clicktide.store.DeploymentName;
import clicktide.store.Sink.Position;
import clicktide.store.SinkContract;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.net.URI;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Guards on the memory and the commands of the live sink. */
@DisplayName("G18: the cost of an event in the live sink")
class LiveSinkCostTest {
  private static final int EVENTS = 5_000; // of a batch
  private static final int BATCHES = 4; // the smallest is the figure, because servers are shared
  private static final Pattern CALLS = Pattern.compile("(?m)^cmdstat_[^:]+:calls=([0-9]+)");
  private static final CostGuard BYTES = new CostGuard("bytes per event of the live sink", 1_050);
  private static final CostGuard COMMANDS =
      new CostGuard("Redis commands per thousand events", 1_050);

  private final Instant now = Instant.now().truncatedTo(ChronoUnit.MINUTES); // Redis expires keys
  private final List<EnrichedClick> clicks = new ZipfClicks(20_000, now).enriched(EVENTS);

  private Batch batch(Position position, long from) {
    return SinkContract.batch(now, 0, position, from, clicks);
  }

  @Test
  @DisplayName("the call of the script allocates a limited number of bytes per event")
  void bytesPerEvent() throws Exception {
    var shared = new SharedTexts();
    var sent = new SentTexts();
    var batch = batch(new Position(new Batch.FencingToken("one", 1), 0, "", Map.of()), 0);
    BYTES.check(
        AllocatedBytes.perEvent(
            EVENTS,
            () -> {
              var newest = new NewestClicks(shared, sent);
              var call =
                  ApplyScript.of(batch, "channel", newest, now, clicks, List.of(), List.of());
              RedisJson.write(call.document());
            }));
  }

  @Test
  @DisplayName("a batch needs a limited number of commands, with those inside its script")
  void commandsPerThousandEvents() {
    var vertx = Vertx.vertx();
    var address = new RedisAddress(URI.create(TestServers.endpoints().redis()), Optional.empty());
    var redis = new RedisServers(vertx, address, DeploymentName.NONE);
    try {
      redis.send(Request.cmd(Command.FLUSHDB)).await();
      var sink = new RedisLiveSink(redis, UUID::randomUUID);
      var position = SinkContract.takeOver(sink, 0);
      var fewest = Long.MAX_VALUE;
      var next = position.next();
      for (var i = 0; i < BATCHES; i++) {
        var before = commands(redis);
        var batch = batch(position, next);
        sink.apply(SinkContract.TOPIC, List.of(batch));
        next = batch.to();
        if (i > 0) { // the first one loads the script
          fewest = Math.min(fewest, commands(redis) - before);
        }
      }
      COMMANDS.check(fewest * 1_000.0 / EVENTS);
    } finally {
      redis.close();
      vertx.close().await();
    }
  }

  /** Returns how many commands the server has run. */
  private static long commands(RedisServers redis) {
    var text = redis.send(Request.cmd(Command.INFO).arg("commandstats")).await().toString();
    return CALLS.matcher(text).results().mapToLong(calls -> Long.parseLong(calls.group(1))).sum();
  }
}
