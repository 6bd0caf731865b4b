package clicktide.redis;

import static clicktide.time.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import clicktide.bus.Addresses;
import clicktide.bus.ByReference;
import clicktide.bus.LiveIncrement;
import clicktide.count.TestClicks;
import clicktide.embedded.SentinelRedis;
import clicktide.event.Minute;
import clicktide.store.AnalyticsTarget;
import clicktide.store.DeploymentName;
import clicktide.store.SinkContract;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("C1: the hot hour in a Redis whose master the sentinels name")
class RedisSentinelTest {
  private final Vertx vertx = Vertx.vertx();
  private final Instant now = Instant.now().truncatedTo(ChronoUnit.MINUTES);
  private final LinkedBlockingQueue<LiveIncrement> increments = new LinkedBlockingQueue<>();
  private SentinelRedis servers;
  private RedisServers redis;
  private RedisFeed feed;

  @BeforeEach
  void start() throws IOException {
    servers = new SentinelRedis();
    var address = new RedisAddress(URI.create(servers.uri()), Optional.empty());
    redis = new RedisServers(vertx, address, DeploymentName.NONE);
    ByReference.register(vertx);
    Addresses.LIVE_INCREMENTS.consume(vertx, increments::add);
    feed = new RedisFeed(vertx, redis);
    feed.start().await();
  }

  @AfterEach
  void close() {
    feed.close();
    redis.close();
    vertx.close().await();
    servers.close();
  }

  /** Takes over the partition where the store is, and applies one click; throws if it cannot. */
  private void count() {
    var sink = new RedisLiveSink(redis, UUID::randomUUID);
    var position = SinkContract.takeOver(sink, 0);
    var clicks = List.of(TestClicks.visit(1, now));
    sink.apply(
        SinkContract.TOPIC, List.of(SinkContract.batch(now, 0, position, position.next(), clicks)));
  }

  private long counted() {
    var minute = Minute.of(now);
    var counts =
        new RedisLiveCounts(redis)
            .link(new AnalyticsTarget.LinkTarget(1, TestClicks.OWNER), minute, minute.plus(1))
            .await();
    return counts.links().get(1L).get(minute).total();
  }

  /** Counts until an increment arrives, and returns the offset that the increment reaches. */
  private long countUntilAnIncrementArrives() {
    increments.clear();
    return eventually("an increment arrives")
        .ignoreExceptions() // no master for a moment
        .until(
            () -> {
              count();
              return Optional.ofNullable(increments.poll());
            },
            Optional::isPresent)
        .orElseThrow()
        .to();
  }

  @Test
  @DisplayName("counts and increments continue after the master was killed")
  void afterTheMasterWasKilled() {
    var reached = countUntilAnIncrementArrives();
    var master = servers.master().orElseThrow();
    servers.awaitReplica(master);

    servers.process(master).destroyForcibly();

    servers.awaitOtherMaster(master);
    assertThat(countUntilAnIncrementArrives()).isGreaterThanOrEqualTo(reached);
    assertThat(counted()).isPositive();
  }

  @Test
  @DisplayName("counts and increments continue while the master keeps its connections and hangs")
  void whileTheMasterHangs() throws Exception {
    countUntilAnIncrementArrives();
    var master = servers.master().orElseThrow();

    servers.hang(master);

    servers.awaitOtherMaster(master);
    countUntilAnIncrementArrives();
    assertThat(counted()).isPositive();
  }
}
