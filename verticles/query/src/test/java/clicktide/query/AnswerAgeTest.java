package clicktide.query;

import static clicktide.time.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import clicktide.store.Freshness;
import clicktide.time.ManualTime;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@DisplayName("G25: the age of the answers")
@ExtendWith(VertxExtension.class)
class AnswerAgeTest {
  private static final Instant NOON = Instant.parse("2026-05-03T12:00:00Z");

  private final ManualTime time = new ManualTime(NOON);
  private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();

  private void start(Vertx vertx, Instant watermark) {
    var rollups =
        new MemoryRollups() {
          @Override
          public Future<Freshness> freshness() {
            reads.incrementAndGet();
            return Future.succeededFuture(new Freshness(watermark, Set.of(), 1));
          }
        };
    new AnswerAge(rollups, time, metrics).start(vertx);
    eventually("the store is asked").until(() -> rollups.reads.get() > 0);
    time.advance(Duration.ofSeconds(7));
  }

  private double age() {
    return metrics.get("answer_age_seconds").gauge().value();
  }

  @Test
  @DisplayName("begins at the watermark of the rollups")
  void beginsAtTheWatermark(Vertx vertx) {
    start(vertx, NOON.minusSeconds(60));
    eventually("the watermark is read").until(() -> age() == 67);
  }

  @Test
  @DisplayName("begins at the start of the process if nothing was ever counted")
  void beginsAtTheStart(Vertx vertx) {
    start(vertx, Instant.EPOCH);
    assertThat(age()).isEqualTo(7);
  }
}
