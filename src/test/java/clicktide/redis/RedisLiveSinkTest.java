package clicktide.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import clicktide.count.TestClicks;
import clicktide.embedded.TestServers;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("C1: the hot hour in Redis")
class RedisLiveSinkTest extends RedisLiveSinkContract {
  RedisLiveSinkTest() {
    super(TestServers.endpoints().redis());
  }

  private void limitMemory(String bytes) {
    redis.send(Request.cmd(Command.CONFIG).arg("SET").arg("maxmemory").arg(bytes)).await();
  }

  @Test
  @DisplayName("a Redis without room refuses a whole batch, and counts it once there is room again")
  void withoutRoom() {
    var sink = writer();
    var position = takeOver(sink, 0);
    var first = batch(0, position, 100, List.of(TestClicks.visit(1, now)));
    limitMemory("1");
    try {
      assertThatThrownBy(() -> sink.apply(TOPIC, List.of(first))).hasStackTraceContaining("OOM");
      assertThat(counted(1)).isZero();
    } finally {
      limitMemory("0");
    }

    sink.apply(TOPIC, List.of(first));

    assertThat(counted(1)).isEqualTo(1);
    assertThat(newest(1)).hasSize(1);
    assertThat(takeOver(writer(), 0).next()).isEqualTo(110);
  }
}
