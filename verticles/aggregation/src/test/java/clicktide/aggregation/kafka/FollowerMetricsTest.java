package clicktide.aggregation.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import clicktide.store.Batch;
import clicktide.time.ManualTime;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Metrics of a follower")
class FollowerMetricsTest {
  private static final Instant NOW = Instant.parse("2026-05-03T12:00:00Z");

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final FollowerMetrics metrics =
      new FollowerMetrics(registry, "rollup", new ManualTime(NOW));

  private void reached(int partition, long lag) {
    var content = new Batch.Content(List.of(), List.of(), List.of(), List.of(), List.of());
    var reached = new Batch.Reached(NOW, Set.of(), "whole");
    var token = new Batch.FencingToken("one", 1);
    metrics.reached(new Batch(partition, token, 0, 1, content, reached), OptionalLong.of(lag), 0);
  }

  private List<Double> lags() {
    return registry.find("consumer_lag").gauges().stream().map(Gauge::value).sorted().toList();
  }

  @Test
  @DisplayName("the lag has no series for a partition that another process follows")
  void lagOfOwnPartitions() {
    reached(0, 5);
    reached(1, 7);
    assertThat(lags()).containsExactly(5.0, 7.0);

    metrics.lost(0);
    assertThat(lags()).containsExactly(7.0);

    reached(0, 3);
    metrics.follows(Set.of(0));
    assertThat(lags()).containsExactly(3.0);
  }
}
