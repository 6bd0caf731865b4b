package clicktide.redis;

import clicktide.embedded.ClusterRedis;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;

@DisplayName("C1: the hot hour in a Redis cluster of three nodes")
class RedisClusterTest extends RedisLiveSinkContract {
  private static ClusterRedis cluster;

  RedisClusterTest() {
    super(cluster.uri());
  }

  @BeforeAll
  static void start() throws IOException {
    cluster = new ClusterRedis();
  }

  @AfterAll
  static void end() {
    cluster.close();
  }
}
