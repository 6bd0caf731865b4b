package clicktide.aggregation.kafka;

import clicktide.kafka.KafkaCluster;
import clicktide.kafka.Topic;
import clicktide.store.DeploymentName;
import clicktide.time.TimeSource;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.VoidDeserializer;

/** The log to read. {@code folder} is on the disk of this process. */
public record LogSource(
    KafkaCluster kafka, Topic topic, DeploymentName deployment, Path folder, TimeSource time) {
  private static final String RECORDS = "10"; // of up to 500 clicks each, per poll
  private static final String FETCH_BYTES =
      "1000000"; // large arrays cost the garbage collector a cycle

  /** Opens a member of the consumer group of all processes that aggregate. */
  Consumer<Void, byte[]> member() {
    return open(
        Map.of(
            // The name dates from a time when each sink had a group. It lets processes of that time
            // and of this one share the partitions of the rollups during an upgrade.
            "group.id", deployment.prefixed("clicktide-rollup"),
            "partition.assignment.strategy",
                "org.apache.kafka.clients.consumer.CooperativeStickyAssignor",
            // At most one heartbeat passes until a member knows of a rebalance, and meanwhile the
            // partitions that move stand still. Kafka advises three heartbeats or more per session.
            "session.timeout.ms", "8000",
            "heartbeat.interval.ms", "500"));
  }

  TopicPartition place(int partition) {
    return new TopicPartition(topic.name(), partition);
  }

  /** Opens a consumer without a group, for one follower that reads alone. */
  Consumer<Void, byte[]> alone() {
    return open(Map.of());
  }

  private Consumer<Void, byte[]> open(Map<String, String> more) {
    var settings = new HashMap<String, Object>(kafka.properties());
    settings.putAll(
        Map.of(
            "fetch.min.bytes", "1",
            "fetch.max.wait.ms", "100",
            "fetch.max.bytes", FETCH_BYTES,
            "enable.auto.commit", "false",
            "auto.offset.reset", "none",
            "isolation.level", "read_committed",
            "max.poll.records", RECORDS));
    settings.putAll(more);
    return new KafkaConsumer<>(settings, new VoidDeserializer(), new ByteArrayDeserializer());
  }
}
