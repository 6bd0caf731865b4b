package clicktide.faults;

import clicktide.embedded.SentinelRedis;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

@DisplayName("Exact counts under faults: a Redis with sentinels")
@EnabledIfSystemProperty(named = "clicktide.faults", matches = "all")
@Timeout(240)
class SentinelFaultsTest extends LightFaultSuite {
  private final SentinelRedis redis = new SentinelRedis();

  SentinelFaultsTest() throws IOException {}

  @Override
  Map<String, String> settings() {
    var settings = new HashMap<>(super.settings());
    settings.put("CLICKTIDE_REDIS", redis.uri());
    return settings;
  }

  @AfterAll
  void end() {
    redis.close();
  }

  @Test
  @DisplayName("X5, G8: the master is killed, returns as a replica, and the new master hangs")
  void theMasterFails() throws Exception {
    under(
        "X5 Redis: sentinels replace a killed and a hanging master",
        () -> {
          var first = redis.master().orElseThrow();
          redis.process(first).destroyForcibly();
          var second = redis.awaitOtherMaster(first);
          pause(1); // some counts that the first master does not have
          redis.start(first);
          redis.awaitReplica(second);
          redis.hang(second);
          redis.awaitOtherMaster(second);
          return 1;
        });
  }
}
