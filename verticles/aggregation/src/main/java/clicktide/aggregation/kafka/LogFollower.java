package clicktide.aggregation.kafka;

import clicktide.enrich.EnrichedClick;
import clicktide.event.LinkClick;
import clicktide.kafka.KafkaCluster;
import clicktide.kafka.Topic;
import clicktide.store.DeadLetters;
import clicktide.store.DeploymentName;
import clicktide.store.Retention;
import clicktide.store.Sink;
import clicktide.store.Sink.BatchRefused;
import clicktide.time.TimeSource;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.VoidDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reader of the log for one sink, on a thread of its own. The sink knows the next position: after
 * any failure the follower drops what it holds and starts again from there. The offsets that it
 * commits to Kafka only serve tools that show lag.
 */
public final class LogFollower implements AutoCloseable {
  static final Logger log = LoggerFactory.getLogger(LogFollower.class);
  static final Duration POLL = Duration.ofMillis(50);
  private static final String FAILED =
      "The follower of the {} sink failed and restarts from the fence: {}";
  private static final Duration CHECK = Duration.ofSeconds(10);
  private static final Duration PAUSE = Duration.ofMillis(500);

  /**
   * The log to follow and how. {@code flush} is the longest time that clicks wait for the sink;
   * {@code records} is the largest number of records, of up to 500 clicks each, that one poll
   * returns; {@code folder} is on the disk of this process.
   */
  public record Plan(
      KafkaCluster kafka,
      Topic topic,
      DeploymentName deployment,
      Duration flush,
      int records,
      Fetch fetch,
      Retention retention,
      Path folder,
      TimeSource time) {}

  /** The longest time that a broker waits until it has this number of bytes for a response. */
  public record Fetch(Duration patience, int bytes) {
    /** Every record at once. */
    public static final Fetch AT_ONCE = new Fetch(Duration.ofMillis(100), 1);

    /** Large responses, which cost both sides less, for a sink that may lag by seconds. */
    public static final Fetch LARGE = new Fetch(Duration.ofSeconds(2), 1 << 20);
  }

  /** Enrichment of one click; may block until it is ready. */
  public interface Enricher {
    EnrichedClick enrich(LinkClick click, EnrichedClick.Logged logged);
  }

  private final Plan plan;
  private final Sink sink;
  private final Enricher enricher;
  private final DeadLetters deadLetters;
  private final RecordInHand inHand;
  private final FollowerMetrics metrics;
  private final Thread thread;
  private volatile boolean closed;
  private volatile Optional<String> trouble = Optional.empty();

  public LogFollower(
      Plan plan, Sink sink, Enricher enricher, DeadLetters deadLetters, MeterRegistry registry) {
    this.plan = plan;
    this.sink = sink;
    this.enricher = enricher;
    this.deadLetters = deadLetters;
    inHand = RecordInHand.open(plan.folder().resolve("in-hand-" + sink.name()));
    metrics = new FollowerMetrics(registry, sink.name(), plan.time());
    thread = Thread.ofPlatform().name("follow-" + sink.name()).unstarted(this::run);
  }

  public void start() {
    thread.start();
  }

  /** Returns the name of the sink. */
  public String name() {
    return sink.name();
  }

  /** Returns the reason why nothing is counted now; empty while all is well. */
  public Optional<String> trouble() {
    return trouble;
  }

  private void run() {
    while (!closed) {
      try (var admin = Admin.create(plan.kafka().client(Map.of()));
          var consumer = consumer()) {
        follow(consumer, admin);
      } catch (WakeupException | InterruptException | InterruptedException _) {
        // closing
      } catch (BatchRefused refused) {
        metrics.restarted("refused");
        log.info(
            "The {} sink refused a batch; reading continues from its fence: {}",
            sink.name(),
            refused.getMessage());
      } catch (RuntimeException failure) {
        if (!closed) {
          metrics.restarted("failed");
          var cause = FollowerFailure.of(failure);
          trouble = Optional.of(cause.reason());
          cause
              .defect()
              .ifPresentOrElse(
                  defect -> log.error(FAILED, sink.name(), cause.reason(), defect),
                  () -> log.warn(FAILED, sink.name(), cause.reason()));
          pause();
        }
      }
    }
    sink.close();
  }

  private void follow(KafkaConsumer<Void, byte[]> consumer, Admin admin)
      throws InterruptedException {
    plan.topic().require(admin);
    var partitions =
        new PartitionConsumer(consumer, plan, sink, enricher, deadLetters, inHand, metrics);
    try {
      var flushed = plan.time().nanos();
      var checked = flushed;
      while (!closed) {
        if (since(checked) >= CHECK.toNanos()) {
          plan.topic().require(admin); // a consumer would go on in a topic of the same name
          checked = plan.time().nanos();
        }
        var isFull = partitions.read();
        if (isFull || since(flushed) >= plan.flush().toNanos()) {
          partitions.flush();
          trouble = Optional.empty();
          flushed = plan.time().nanos();
        }
      }
      partitions.flush();
    } finally {
      partitions.end();
    }
  }

  private long since(long nanos) {
    return plan.time().nanos() - nanos;
  }

  private KafkaConsumer<Void, byte[]> consumer() {
    var settings = new HashMap<String, Object>(plan.kafka().properties());
    settings.put("fetch.min.bytes", plan.fetch().bytes());
    settings.put("fetch.max.wait.ms", Math.toIntExact(plan.fetch().patience().toMillis()));
    settings.putAll(
        Map.of(
            "group.id", plan.deployment().prefixed("clicktide-" + sink.name()),
            "enable.auto.commit", "false",
            "auto.offset.reset", "none",
            "isolation.level", "read_committed",
            "max.poll.records", Integer.toString(plan.records()),
            "partition.assignment.strategy",
                "org.apache.kafka.clients.consumer.CooperativeStickyAssignor",
            // At most one heartbeat passes until a member knows of a rebalance, and meanwhile the
            // partitions that move stand still. Kafka advises three heartbeats or more per session.
            "session.timeout.ms", "8000",
            "heartbeat.interval.ms", "500"));
    return new KafkaConsumer<>(settings, new VoidDeserializer(), new ByteArrayDeserializer());
  }

  private void pause() {
    try {
      TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /** Applies the batch that was read so far and waits up to 10 s for the thread. */
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
