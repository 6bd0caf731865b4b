package clicktide.redis;

import static org.assertj.core.api.Assertions.assertThat;

import clicktide.embedded.TestServers;
import clicktide.settings.Settings;
import clicktide.store.DeploymentName;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The login to Redis")
class RedisLoginTest {
  private static final URI REDIS = URI.create(TestServers.endpoints().redis());
  private static final String USER = TestServers.freshName("user");
  private static final String PASSWORD = "a b/c@d:e%?+";

  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void close() {
    vertx.close().await();
  }

  private String ask(RedisAddress address, String... words) {
    var redis = new RedisServers(vertx, address, DeploymentName.NONE);
    var request = Request.cmd(Command.ACL);
    List.of(words).forEach(request::arg);
    return redis.send(request).await().toString();
  }

  @Test
  @DisplayName("is that of a named user with any password")
  void isThatOfANamedUser() {
    var administrator = new RedisAddress(REDIS, Optional.empty());
    ask(administrator, "SETUSER", USER, "on", ">" + PASSWORD, "~*", "&*", "+@all");
    var settings =
        Settings.from(
            Map.of(
                "CLICKTIDE_REDIS",
                "redis://%s@%s:%d/0".formatted(USER, REDIS.getHost(), REDIS.getPort()),
                "CLICKTIDE_REDIS_PASSWORD",
                PASSWORD),
            List.of());

    assertThat(ask(administrator, "WHOAMI")).isEqualTo("default");
    assertThat(ask(settings.redis().orElseThrow(), "WHOAMI")).isEqualTo(USER);
    ask(administrator, "DELUSER", USER);
  }
}
