package clicktide.aggregation.kafka;

import clicktide.enrich.EnrichedClick;
import clicktide.event.LinkClick;
import clicktide.store.DeadLetters;
import clicktide.store.Sink;
import clicktide.store.Sink.BatchRefused;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Optional;
import org.apache.kafka.common.errors.InterruptException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follower of the log for one sink, on a thread of its own. It gets decoded records from the pass,
 * and reads alone while it lags. The sink knows the next position: after any failure the follower
 * drops what it holds and starts again from there.
 */
public final class LogFollower implements AutoCloseable {
  static final Logger log = LoggerFactory.getLogger(LogFollower.class);
  static final Duration POLL = Duration.ofMillis(50);
  static final Duration PAUSE = Duration.ofMillis(500);
  private static final int MAX_CLICKS = 20_000; // that wait in the link
  private static final Duration PATIENCE = Duration.ofSeconds(3); // a write of 20,000 clicks

  /**
   * The way to follow. {@code flush} is the longest time that clicks wait for the sink; {@code
   * clicks} is the number of clicks from which they do not wait; {@code endedNodes} is how long the
   * state of a node that ended is kept; {@code enricher} is used while the follower reads alone.
   */
  public record Plan(
      Duration flush,
      int clicks,
      Duration endedNodes,
      Enricher enricher,
      DeadLetters deadLetters) {}

  /** Enrichment of one click; may block until it is ready. */
  public interface Enricher {
    EnrichedClick enrich(LinkClick click, EnrichedClick.Logged logged);
  }

  private final LogSource source;
  private final Plan plan;
  private final Sink sink;
  private final FollowerMetrics metrics;
  private final PassLink link;
  private final Thread thread;
  private volatile boolean closed;
  private volatile Optional<String> trouble = Optional.empty();

  public LogFollower(LogSource source, Plan plan, Sink sink, MeterRegistry registry) {
    this.source = source;
    this.plan = plan;
    this.sink = sink;
    metrics = new FollowerMetrics(registry, sink.name(), source.time());
    link = new PassLink(MAX_CLICKS, PATIENCE, source.time());
    thread = Thread.ofPlatform().name("follow-" + sink.name()).unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  PassLink link() {
    return link;
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
    var inHand = RecordInHand.open(source.folder().resolve("in-hand-" + sink.name()));
    var catchUp = new CatchUp(source, source::alone, plan.enricher(), inHand, POLL);
    try (sink;
        var partitions = new SinkPartitions(source, plan, sink, link, catchUp, metrics)) {
      var flushed = source.time().nanos();
      while (!closed) {
        flushed = step(partitions, flushed);
      }
    } catch (InterruptedException _) {
      // closing
    }
  }

  /** Reads, and flushes when it is time. Returns the time of the last flush in nanoseconds. */
  private long step(SinkPartitions partitions, long flushed) throws InterruptedException {
    try {
      partitions.read(POLL.toNanos());
      if (partitions.isFull() || source.time().nanos() - flushed >= plan.flush().toNanos()) {
        partitions.flush();
        if (partitions.isComplete()) {
          trouble = Optional.empty();
        }
        return source.time().nanos();
      }
    } catch (InterruptException _) {
      closed = true;
    } catch (BatchRefused refused) {
      metrics.restarted("refused");
      log.info(
          "The {} sink refused a batch; reading continues from its fence: {}",
          sink.name(),
          refused.getMessage());
      partitions.restart(PAUSE);
    } catch (RuntimeException failure) {
      if (!closed) {
        report(failure);
        partitions.restart(PAUSE);
      }
    }
    return flushed;
  }

  private void report(RuntimeException failure) {
    metrics.restarted("failed");
    var cause = FollowerFailure.of(failure);
    trouble = Optional.of(cause.reason());
    cause.log("follower of the %s sink".formatted(sink.name()));
  }

  /** Ends the thread, for which it waits up to 10 s. The pass has ended before. */
  @Override
  public void close() {
    closed = true;
    end(thread);
  }

  /** Waits up to 10 s for a thread that was told to end. */
  static void end(Thread thread) {
    try {
      if (!thread.join(Duration.ofSeconds(10))) {
        thread.interrupt();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
