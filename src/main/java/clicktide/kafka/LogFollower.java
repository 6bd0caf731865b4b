package clicktide.kafka;

import clicktide.count.Visit;
import clicktide.event.LinkClick;
import clicktide.store.Sink;
import clicktide.store.Sink.Refused;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.VoidDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the log for one sink on a thread of its own. The sink knows where to go on; whatever fails,
 * the follower drops what it holds and starts again where the sink says. Offsets in Kafka are only
 * a hint for tools that show lag.
 */
public final class LogFollower implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(LogFollower.class);
  private static final int MOST_VISITS = 20_000; // held before they are given to the sink
  private static final Duration POLL = Duration.ofMillis(50);

  /**
   * What the follower needs to know; {@code flush} is how long visits may wait for the sink, {@code
   * records} how many records of up to 500 clicks it may get at once.
   */
  public record Plan(
      String bootstrap, Topic topic, Duration flush, int records, InstantSource clock) {}

  /** Makes a visit of a click and the broker's time; may wait until enrichment is ready. */
  public interface Enrich {
    Visit visit(LinkClick click, Instant loggedAt);
  }

  private final Plan plan;
  private final Sink sink;
  private final Enrich enrich;
  private final Thread thread;
  private volatile boolean closed;

  public LogFollower(Plan plan, Sink sink, Enrich enrich) {
    this.plan = plan;
    this.sink = sink;
    this.enrich = enrich;
    thread = Thread.ofPlatform().name("follow-" + sink.name()).unstarted(this::run);
  }

  public void start() {
    thread.start();
  }

  private void run() {
    while (!closed) {
      try (var consumer = consumer()) {
        follow(consumer);
      } catch (WakeupException | InterruptException _) {
        // closing
      } catch (Refused refused) {
        log.info(
            "The {} sink refused a slice, reading again from its fence: {}",
            sink.name(),
            refused.getMessage());
      } catch (RuntimeException failure) {
        if (!closed) {
          log.warn("The {} sink is started again from its fence", sink.name(), failure);
          pause();
        }
      }
    }
    sink.close();
  }

  private void follow(KafkaConsumer<Void, byte[]> consumer) {
    var partitions = new HashMap<Integer, Pending>();
    consumer.subscribe(List.of(plan.topic().name()), listener(consumer, partitions));
    try {
      follow(consumer, partitions);
    } catch (RuntimeException failure) {
      partitions.clear(); // dropped, so that leaving the group does not try them once more
      throw failure;
    }
  }

  private void follow(KafkaConsumer<Void, byte[]> consumer, Map<Integer, Pending> partitions) {
    var flushed = System.nanoTime();
    while (!closed) {
      var records = consumer.poll(POLL);
      for (var record : records) {
        take(record, partitions.get(record.partition()));
      }
      records
          .nextOffsets()
          .forEach(
              (partition, next) -> partitions.get(partition.partition()).readTo(next.offset()));
      var visits = partitions.values().stream().mapToInt(Pending::size).sum();
      if (visits >= MOST_VISITS || System.nanoTime() - flushed >= plan.flush().toNanos()) {
        flush(consumer, partitions);
        flushed = System.nanoTime();
      }
    }
    flush(consumer, partitions);
  }

  private void take(ConsumerRecord<Void, byte[]> record, Pending pending) {
    try {
      pending.take(record, enrich);
    } catch (IllegalArgumentException e) {
      log.error(
          "A record that cannot be read is passed over: {}-{}@{}: {}",
          record.topic(),
          record.partition(),
          record.offset(),
          e.getMessage());
    }
  }

  private void flush(KafkaConsumer<Void, byte[]> consumer, Map<Integer, Pending> partitions) {
    var slices = partitions.values().stream().filter(Pending::isAhead).map(Pending::slice).toList();
    if (slices.isEmpty()) {
      return;
    }
    sink.apply(plan.topic().id(), slices);
    var hints = new HashMap<TopicPartition, OffsetAndMetadata>();
    for (var slice : slices) {
      partitions.get(slice.partition()).applied(slice);
      hints.put(
          new TopicPartition(plan.topic().name(), slice.partition()),
          new OffsetAndMetadata(slice.to()));
    }
    consumer.commitAsync(hints, (_, _) -> {});
  }

  private ConsumerRebalanceListener listener(
      KafkaConsumer<Void, byte[]> consumer, Map<Integer, Pending> partitions) {
    var range = new LogRange(consumer, plan.clock());
    return new ConsumerRebalanceListener() {
      @Override
      public void onPartitionsAssigned(Collection<TopicPartition> assigned) {
        for (var partition : assigned) {
          var position =
              sink.takeOver(
                  plan.topic().id(),
                  partition.partition(),
                  () -> range.beginning(partition, sink.memory()));
          range.require(partition, position.next());
          partitions.put(partition.partition(), new Pending(partition.partition(), position));
          consumer.seek(partition, position.next());
        }
        log.info("The {} sink follows {} partitions", sink.name(), partitions.size());
      }

      @Override
      public void onPartitionsRevoked(Collection<TopicPartition> revoked) {
        if (!closed) {
          flush(consumer, partitions); // the next owner need not read it again
        }
        onPartitionsLost(revoked);
      }

      @Override
      public void onPartitionsLost(Collection<TopicPartition> lost) {
        lost.forEach(partition -> partitions.remove(partition.partition()));
      }
    };
  }

  private KafkaConsumer<Void, byte[]> consumer() {
    Map<String, Object> settings =
        Map.of(
            "bootstrap.servers", plan.bootstrap(),
            "group.id", "clicktide-" + sink.name(),
            "enable.auto.commit", "false",
            "auto.offset.reset", "none",
            "isolation.level", "read_committed",
            "max.poll.records", Integer.toString(plan.records()),
            "fetch.max.wait.ms", "100",
            "partition.assignment.strategy",
                "org.apache.kafka.clients.consumer.CooperativeStickyAssignor",
            "session.timeout.ms", "10000",
            "heartbeat.interval.ms", "3000");
    return new KafkaConsumer<>(settings, new VoidDeserializer(), new ByteArrayDeserializer());
  }

  private void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(500);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /** Finishes the slice at hand and waits for the thread. */
  @Override
  public void close() {
    closed = true;
    try {
      if (!thread.join(Duration.ofSeconds(10))) {
        thread.interrupt();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
