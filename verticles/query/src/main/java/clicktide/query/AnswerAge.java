package clicktide.query;

import clicktide.store.Freshness;
import clicktide.store.Rollups;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.time.InstantSource;

/**
 * The age of the rollups as a reader sees it, in seconds. The query role measures it, so it rises
 * also when no process counts and none reports its own freshness (G25). For any thread.
 */
final class AnswerAge {
  private static final long POLL_MILLIS = 5_000;

  private final Rollups rollups;
  private final InstantSource clock;
  private volatile Instant watermark;

  AnswerAge(Rollups rollups, InstantSource clock, MeterRegistry metrics) {
    this.rollups = rollups;
    this.clock = clock;
    watermark = clock.instant(); // until the store was asked
    Gauge.builder("answer_age_seconds", this, AnswerAge::seconds)
        .description("Age of the watermark of the rollups, as the query role reads it")
        .strongReference(true)
        .register(metrics);
  }

  void start(Vertx vertx) {
    vertx.setPeriodic(0, POLL_MILLIS, _ -> poll());
  }

  /**
   * Keeps the last watermark while the store does not answer, so the age rises then as well. Before
   * anything was counted, the age begins at the start of this process.
   */
  private void poll() {
    rollups
        .freshness()
        .map(Freshness::watermark)
        .onSuccess(now -> watermark = now.equals(Instant.EPOCH) ? watermark : now);
  }

  private double seconds() {
    return (clock.millis() - watermark.toEpochMilli()) / 1_000.0;
  }
}
