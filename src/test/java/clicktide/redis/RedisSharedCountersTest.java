package clicktide.redis;

import static org.assertj.core.api.Assertions.assertThat;

import clicktide.embedded.TestServers;
import clicktide.store.DeploymentName;
import clicktide.store.SharedCounters;
import clicktide.store.SharedCountersContract;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("E10: shared counters of limits in Redis")
class RedisSharedCountersTest extends SharedCountersContract {
  private final Vertx vertx = Vertx.vertx();
  private final RedisServers redis =
      new RedisServers(
          vertx,
          new RedisAddress(URI.create(uri()), Optional.empty()),
          new DeploymentName("limits"),
          DeclaredKeys::watch);

  String uri() {
    return TestServers.endpoints().redis();
  }

  @AfterEach
  void close() {
    redis.close();
    vertx.close().await();
  }

  @Override
  protected SharedCounters process(String name) {
    return new RedisSharedCounters(redis, name, UUID::randomUUID);
  }

  @Override
  protected void clear() {
    redis.send(Request.cmd(Command.FLUSHDB)).await();
  }

  @Test
  @DisplayName("are keys of the deployment that expire with their window")
  void expire() {
    var own = new SharedCounters.OwnUses("own_1", Optional.empty(), 1, 60_000);
    process("a").exchange("calls", List.of(own)).await();

    var ask = Request.cmd(Command.PTTL).arg("limits.ct:{limit:calls}:own_1");
    assertThat(redis.send(ask).await().toLong()).isBetween(1L, 60_000L);
  }
}
