package clicktide.redis;

import clicktide.embedded.ClusterRedis;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;

@DisplayName("E10: shared counters of limits in a Redis cluster of three nodes")
class ClusterSharedCountersTest extends RedisSharedCountersTest {
  private static ClusterRedis cluster;

  @BeforeAll
  static void start() throws IOException {
    cluster = new ClusterRedis();
  }

  @AfterAll
  static void end() {
    cluster.close();
  }

  @Override
  String uri() {
    return cluster.uri();
  }
}
