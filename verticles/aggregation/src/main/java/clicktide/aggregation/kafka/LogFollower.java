package clicktide.aggregation.kafka;

import clicktide.enrich.EnrichedClick;
import clicktide.event.LinkClick;
import clicktide.kafka.Topic;
import clicktide.store.DeadLetters;
import clicktide.store.Sink;
import clicktide.store.Sink.Refused;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
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
 * Reads the log for one sink on a thread of its own. The sink knows where to go on; whatever fails,
 * the follower drops what it holds and starts again where the sink says. Offsets in Kafka are only
 * a hint for tools that show lag.
 */
public final class LogFollower implements AutoCloseable {
  static final Logger log = LoggerFactory.getLogger(LogFollower.class);
  static final Duration POLL = Duration.ofMillis(50);
  private static final Duration CHECK = Duration.ofSeconds(10);

  /**
   * What the follower needs to know; {@code flush} is how long visits may wait for the sink, {@code
   * records} how many records of up to 500 clicks it may get at once.
   */
  public record Plan(
      String bootstrap,
      Topic topic,
      Duration flush,
      int records,
      Fetch fetch,
      InstantSource clock) {}

  /** How long the broker may wait until it has so many bytes: each answer costs both of them. */
  public record Fetch(Duration patience, int bytes) {
    /** Whatever comes, at once. */
    public static final Fetch AT_ONCE = new Fetch(Duration.ofMillis(100), 1);

    /** In large pieces, for a sink that nobody waits for. */
    public static final Fetch LARGE = new Fetch(Duration.ofSeconds(2), 1 << 20);
  }

  /** Makes a visit of a click; may wait until enrichment is ready. */
  public interface Enrich {
    EnrichedClick visit(LinkClick click, EnrichedClick.Logged logged);
  }

  private final Plan plan;
  private final Sink sink;
  private final Enrich enrich;
  private final DeadLetters letters;
  private final FollowerMetrics metrics;
  private final Thread thread;
  private volatile boolean closed;
  private volatile Optional<String> trouble = Optional.empty();

  public LogFollower(
      Plan plan, Sink sink, Enrich enrich, DeadLetters letters, MeterRegistry registry) {
    this.plan = plan;
    this.sink = sink;
    this.enrich = enrich;
    this.letters = letters;
    metrics = new FollowerMetrics(registry, sink.name(), plan.clock());
    thread = Thread.ofPlatform().name("follow-" + sink.name()).unstarted(this::run);
  }

  public void start() {
    thread.start();
  }

  /** Names the sink. */
  public String name() {
    return sink.name();
  }

  /** Why nothing is counted now, if so. */
  public Optional<String> trouble() {
    return trouble;
  }

  private void run() {
    while (!closed) {
      try (var admin = Admin.create(Map.of("bootstrap.servers", plan.bootstrap()));
          var consumer = consumer()) {
        follow(consumer, admin);
      } catch (WakeupException | InterruptException | InterruptedException _) {
        // closing
      } catch (Refused refused) {
        metrics.restarted("refused");
        log.info(
            "The {} sink refused a batch, reading again from its fence: {}",
            sink.name(),
            refused.getMessage());
      } catch (RuntimeException failure) {
        if (!closed) {
          metrics.restarted("failed");
          trouble = Optional.of(String.valueOf(failure.getMessage()));
          log.warn("The {} sink is started again from its fence", sink.name(), failure);
          pause();
        }
      }
    }
    sink.close();
  }

  private void follow(KafkaConsumer<Void, byte[]> consumer, Admin admin)
      throws InterruptedException {
    plan.topic().require(admin);
    var membership = new PartitionConsumer(consumer, plan, sink, enrich, letters, metrics);
    try {
      var flushed = System.nanoTime();
      var checked = flushed;
      while (!closed) {
        if (System.nanoTime() - checked >= CHECK.toNanos()) {
          plan.topic().require(admin); // a consumer would go on in a topic of the same name
          checked = System.nanoTime();
        }
        var isEnough = membership.read();
        if (isEnough || System.nanoTime() - flushed >= plan.flush().toNanos()) {
          membership.flush();
          trouble = Optional.empty();
          flushed = System.nanoTime();
        }
      }
      membership.flush();
    } finally {
      membership.end();
    }
  }

  private KafkaConsumer<Void, byte[]> consumer() {
    Map<String, Object> settings = new HashMap<>();
    settings.put("fetch.min.bytes", plan.fetch().bytes());
    settings.put("fetch.max.wait.ms", Math.toIntExact(plan.fetch().patience().toMillis()));
    settings.putAll(
        Map.of(
            "bootstrap.servers", plan.bootstrap(),
            "group.id", "clicktide-" + sink.name(),
            "enable.auto.commit", "false",
            "auto.offset.reset", "none",
            "isolation.level", "read_committed",
            "max.poll.records", Integer.toString(plan.records()),
            "partition.assignment.strategy",
                "org.apache.kafka.clients.consumer.CooperativeStickyAssignor",
            "session.timeout.ms", "10000",
            "heartbeat.interval.ms", "3000"));
    return new KafkaConsumer<>(settings, new VoidDeserializer(), new ByteArrayDeserializer());
  }

  private void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(500);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /** Finishes the batch at hand and waits for the thread. */
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
