package clicktide.aggregation.kafka;

import clicktide.wire.ClickTexts;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.errors.InterruptException;

/**
 * The one pass over the log in this process, on a thread of its own: it reads, decodes and enriches
 * each record once for all followers. The offsets that it commits to Kafka only serve tools.
 */
public final class LogPass implements AutoCloseable {
  private static final Duration CHECK = Duration.ofSeconds(10);
  private static final Duration COMMIT = Duration.ofSeconds(1);
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final LogSource source;
  private final LogFollower.Enricher enricher;
  private final List<LogFollower> followers;
  private final Counter restarts;
  private final Thread thread;
  private volatile boolean closed;
  private volatile Optional<String> trouble = Optional.empty();

  public LogPass(
      LogSource source,
      LogFollower.Enricher enricher,
      List<LogFollower> followers,
      MeterRegistry registry) {
    this.source = source;
    this.enricher = enricher;
    this.followers = List.copyOf(followers);
    restarts = registry.counter("follower_restarts", "sink", "all", "reason", "failed");
    thread = Thread.ofPlatform().name("read-log").unstarted(this::run);
  }

  /** Starts the followers and the reading. */
  public void start() {
    followers.forEach(LogFollower::start);
    thread.start();
  }

  /** Returns the reason why nothing is read now; empty while all is well. */
  public Optional<String> trouble() {
    return trouble;
  }

  private void run() {
    var inHand = RecordInHand.open(source.folder().resolve("in-hand-all"));
    var decoder = new RecordDecoder(source.topic().id(), enricher, inHand, new ClickTexts());
    while (!closed) {
      try (var admin = Admin.create(source.kafka().client(Map.of()));
          var consumer = source.member()) {
        source.topic().require(admin);
        var links = followers.stream().map(LogFollower::link).toList();
        read(new PassConsumer(consumer, source, decoder, links, PATIENCE), admin);
      } catch (InterruptException | InterruptedException _) {
        // closing
      } catch (RuntimeException failure) {
        if (!closed) {
          report(failure);
          pause();
        }
      }
    }
  }

  private void read(PassConsumer partitions, Admin admin) throws InterruptedException {
    var checked = source.time().nanos();
    var committed = checked;
    while (!closed) {
      if (since(checked) >= CHECK.toNanos()) {
        source.topic().require(admin); // a consumer would go on in a topic of the same name
        checked = source.time().nanos();
      }
      partitions.read();
      trouble = Optional.empty();
      if (since(committed) >= COMMIT.toNanos()) {
        partitions.commit();
        committed = source.time().nanos();
      }
    }
  }

  private long since(long nanos) {
    return source.time().nanos() - nanos;
  }

  private void report(RuntimeException failure) {
    restarts.increment();
    var cause = FollowerFailure.of(failure);
    trouble = Optional.of(cause.reason());
    cause.log("reading of the log");
  }

  private static void pause() {
    try {
      TimeUnit.NANOSECONDS.sleep(LogFollower.PAUSE.toNanos());
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /** Leaves the group, when the followers have applied what was read, and ends the followers. */
  @Override
  public void close() {
    closed = true;
    LogFollower.end(thread);
    followers.forEach(LogFollower::close);
  }
}
