package clicktide.kafka;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeClusterOptions;

/** A check that Kafka answers, for processes that only read the log. */
public final class KafkaCheck implements AutoCloseable {
  private static final int TIMEOUT_MILLIS = 2_000;

  private final Admin admin;

  public KafkaCheck(KafkaCluster kafka) {
    admin = Admin.create(kafka.client(Map.of("reconnect.backoff.max.ms", "500")));
  }

  /** Succeeds if a broker answers within 2 s. */
  public Future<String> ping() {
    var options = new DescribeClusterOptions().timeoutMs(TIMEOUT_MILLIS);
    return Future.fromCompletionStage(
        admin.describeCluster(options).clusterId().toCompletionStage());
  }

  @Override
  public void close() {
    admin.close(Duration.ZERO);
  }
}
