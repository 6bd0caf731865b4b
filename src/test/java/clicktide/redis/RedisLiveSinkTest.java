package clicktide.redis;

import clicktide.embedded.TestServers;
import org.junit.jupiter.api.DisplayName;

@DisplayName("C1: the hot hour in Redis")
class RedisLiveSinkTest extends RedisLiveSinkContract {
  RedisLiveSinkTest() {
    super(TestServers.endpoints().redis());
  }
}
