package clicktide.kafka;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * A topic: its id, which a topic of the same name made anew does not have, and its number of
 * partitions, which never changes.
 */
public record Topic(String name, String id, int partitions) {
  /** What happened. */
  public static final String EVENTS = "events";

  /** What could not be counted, kept as long as the events. */
  public static final String DEAD_LETTERS = "dead-letters";

  private static final long PATIENCE_SECONDS = 30;

  /** How a topic is made when there is none yet; {@code kept} is how long its records are. */
  public record Shape(int partitions, int replication, Duration kept) {}

  /** The topic, made if it is missing; returns when every partition has a leader. */
  public static Topic ready(String bootstrap, String name, Shape shape)
      throws InterruptedException {
    try (var admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
      if (describe(admin, name).isEmpty()) {
        create(admin, name, shape);
      }
      var deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
      while (true) {
        var found = describe(admin, name).filter(Topic::hasLeaders);
        if (found.isPresent()) {
          var topic = found.get();
          return new Topic(name, topic.topicId().toString(), topic.partitions().size());
        }
        if (System.nanoTime() > deadline) {
          throw new IllegalStateException("The topic %s has no leaders".formatted(name));
        }
        TimeUnit.MILLISECONDS.sleep(50);
      }
    }
  }

  /** Throws {@link IllegalStateException} if Kafka has another topic by that name now (X19). */
  public void require(Admin admin) throws InterruptedException {
    var now = describe(admin, name);
    if (now.isEmpty() || !now.get().topicId().toString().equals(id)) {
      throw new IllegalStateException(
          "The topic %s is not %s any more: it was deleted or made anew, and is not counted"
              .formatted(name, id));
    }
    if (now.get().partitions().size() != partitions) {
      throw new IllegalStateException(
          "The topic %s has %d partitions now, not %d: identities lead to partitions, which never change"
              .formatted(name, now.get().partitions().size(), partitions));
    }
  }

  private static boolean hasLeaders(TopicDescription topic) {
    return topic.partitions().stream()
        .allMatch(partition -> partition.leader() != null && !partition.leader().isEmpty());
  }

  private static Optional<TopicDescription> describe(Admin admin, String name)
      throws InterruptedException {
    try {
      return Optional.of(
          admin
              .describeTopics(List.of(name))
              .allTopicNames()
              .get(PATIENCE_SECONDS, TimeUnit.SECONDS)
              .get(name));
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UnknownTopicOrPartitionException) {
        return Optional.empty();
      }
      throw new IllegalStateException("Kafka does not describe its topics", e.getCause());
    } catch (TimeoutException e) {
      throw new IllegalStateException("Kafka does not answer", e);
    }
  }

  private static void create(Admin admin, String name, Shape shape) throws InterruptedException {
    var topic =
        new NewTopic(name, shape.partitions(), (short) shape.replication())
            .configs(
                Map.of(
                    "message.timestamp.type", "LogAppendTime",
                    "retention.ms", Long.toString(shape.kept().toMillis()),
                    "max.message.bytes", Integer.toString(4 << 20),
                    "min.insync.replicas", Integer.toString(Math.min(2, shape.replication()))));
    try {
      admin.createTopics(List.of(topic)).all().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof TopicExistsException)) { // another process was faster
        throw new IllegalStateException("Kafka makes no topic", e.getCause());
      }
    } catch (TimeoutException e) {
      throw new IllegalStateException("Kafka does not answer", e);
    }
  }
}
