package clicktide.redis;

import static org.assertj.core.api.Assertions.assertThat;

import clicktide.embedded.TestServers;
import clicktide.store.DeploymentName;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.net.URI;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The memory of Redis")
class RedisMemoryTest {
  private final Vertx vertx = Vertx.vertx();
  private final RedisServers redis =
      new RedisServers(
          vertx,
          new RedisAddress(URI.create(TestServers.endpoints().redis()), Optional.empty()),
          DeploymentName.NONE);

  private void set(String parameter, String value) {
    redis.send(Request.cmd(Command.CONFIG).arg("SET").arg(parameter).arg(value)).await();
  }

  @AfterEach
  void close() {
    set("maxmemory-policy", "noeviction");
    redis.close();
    vertx.close().await();
  }

  @Test
  @DisplayName("has a warning unless its policy is noeviction")
  void warning() {
    assertThat(EvictionCheck.warning(redis).await()).isEmpty();
    set("maxmemory-policy", "volatile-lru");
    assertThat(EvictionCheck.warning(redis).await())
        .contains(
            "Redis may delete live counts, because its maxmemory-policy is volatile-lru instead of"
                + " noeviction.");
  }
}
