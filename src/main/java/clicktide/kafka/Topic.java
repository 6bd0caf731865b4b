package clicktide.kafka;

import clicktide.store.AccessRefused;
import clicktide.store.Unavailable;
import clicktide.time.TimeSource;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * A topic, its id, and its number of partitions, which never changes. A topic that was deleted and
 * created again has another id.
 */
public record Topic(String name, String id, int partitions) {
  /** The topic of events, without the name of the deployment. */
  public static final String EVENTS = "events";

  /** The topic of dead letters, without that name, with the retention of the events. */
  public static final String DEAD_LETTERS = "dead-letters";

  private static final long TIMEOUT_SECONDS = 30;
  private static final Duration DESCRIBE_LIMIT = Duration.ofSeconds(10);

  /** The settings of a new topic. */
  public record Shape(int partitions, int replication, Duration retention) {}

  /**
   * Returns a topic when every partition has a leader. Creates it if it is missing. Throws {@link
   * Unavailable} if Kafka does not answer, and {@link AccessRefused} if it refuses the login.
   */
  public static Topic ready(KafkaCluster kafka, String name, Shape shape, TimeSource time)
      throws InterruptedException {
    try {
      return await(kafka, name, shape, time);
    } catch (RuntimeException failure) {
      throw KafkaFailure.of(kafka, failure);
    }
  }

  /** Returns a topic if there is one. Throws like {@link #ready}, after the limit at the latest. */
  static Optional<Topic> find(KafkaCluster kafka, String name, Duration limit)
      throws InterruptedException {
    try (var admin = Admin.create(kafka.client(Map.of()))) {
      return describe(admin, name, limit).map(found -> of(name, found));
    } catch (RuntimeException failure) {
      throw KafkaFailure.of(kafka, failure);
    }
  }

  private static Topic of(String name, TopicDescription found) {
    return new Topic(name, found.topicId().toString(), found.partitions().size());
  }

  private static Topic await(KafkaCluster kafka, String name, Shape shape, TimeSource time)
      throws InterruptedException {
    try (var admin = Admin.create(kafka.client(Map.of()))) {
      if (describe(admin, name, DESCRIBE_LIMIT).isEmpty()) {
        create(admin, name, shape);
      }
      var deadline = time.nanos() + TimeUnit.SECONDS.toNanos(TIMEOUT_SECONDS);
      while (true) {
        var found = describe(admin, name, DESCRIBE_LIMIT).filter(Topic::hasLeaders);
        if (found.isPresent()) {
          return of(name, found.get());
        }
        if (time.nanos() > deadline) {
          throw new Unavailable("Topic %s has partitions without a leader".formatted(name));
        }
        TimeUnit.MILLISECONDS.sleep(50);
      }
    }
  }

  /** Throws {@link IllegalStateException} if Kafka has another topic of this name now (X19). */
  public void require(Admin admin) throws InterruptedException {
    var now = describe(admin, name, DESCRIBE_LIMIT);
    if (now.isEmpty() || !now.get().topicId().toString().equals(id)) {
      throw new IllegalStateException(
          "Topic %s has no longer the id %s: it was deleted or created again, so it is not counted"
              .formatted(name, id));
    }
    if (now.get().partitions().size() != partitions) {
      throw new IllegalStateException(
          "Topic %s has %d partitions instead of %d: the number must never change"
              .formatted(name, now.get().partitions().size(), partitions));
    }
  }

  private static boolean hasLeaders(TopicDescription topic) {
    return topic.partitions().stream()
        .allMatch(partition -> partition.leader() != null && !partition.leader().isEmpty());
  }

  private static Optional<TopicDescription> describe(Admin admin, String name, Duration limit)
      throws InterruptedException {
    var options = new DescribeTopicsOptions().timeoutMs((int) limit.toMillis());
    try {
      return Optional.of(
          admin
              .describeTopics(List.of(name), options)
              .allTopicNames()
              .get(TIMEOUT_SECONDS, TimeUnit.SECONDS)
              .get(name));
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UnknownTopicOrPartitionException) {
        return Optional.empty();
      }
      throw failed("Kafka does not describe its topics", e);
    } catch (TimeoutException e) {
      throw new Unavailable("Kafka does not answer: " + e);
    }
  }

  private static void create(Admin admin, String name, Shape shape) throws InterruptedException {
    var topic =
        new NewTopic(name, shape.partitions(), (short) shape.replication())
            .configs(
                Map.of(
                    "message.timestamp.type", "LogAppendTime",
                    "retention.ms", Long.toString(shape.retention().toMillis()),
                    "max.message.bytes", Integer.toString(4 << 20),
                    "min.insync.replicas", Integer.toString(Math.min(2, shape.replication()))));
    try {
      admin.createTopics(List.of(topic)).all().get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof TopicExistsException)) { // another process created it
        throw failed("Kafka does not create the topic", e);
      }
    } catch (TimeoutException e) {
      throw new Unavailable("Kafka does not answer: " + e);
    }
  }

  /** Returns the failure of the client itself, so that callers can tell what to do. */
  private static RuntimeException failed(String sentence, ExecutionException e) {
    return e.getCause() instanceof ApiException failure
        ? failure
        : new IllegalStateException(sentence, e.getCause());
  }
}
