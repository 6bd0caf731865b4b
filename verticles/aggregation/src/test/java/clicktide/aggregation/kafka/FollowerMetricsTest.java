package clicktide.aggregation.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import clicktide.count.Outcome;
import clicktide.count.TestClicks;
import clicktide.event.DeadLetter.Reason;
import clicktide.event.LinkClick;
import clicktide.store.Batch;
import clicktide.time.ManualTime;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Metrics of a follower")
class FollowerMetricsTest {
  private static final Instant NOW = Instant.parse("2026-05-03T12:00:00Z");

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final ManualTime time = new ManualTime(NOW);
  private final FollowerMetrics metrics = new FollowerMetrics(registry, "rollup", time);

  private void reached(int partition, long lag) {
    reached(partition, 1, List.of(), lag);
  }

  private void reached(int partition, int records, List<LinkClick> rejected, long lag) {
    var outcomes = rejected.stream().<Outcome>map(Outcome.Rejected::new).toList();
    var reached = new Batch.Reached(NOW, Set.of(), "whole", Batch.EndedNodes.NONE);
    var token = new Batch.FencingToken("one", 1);
    var batch = new Batch(partition, token, 0, records, outcomes, reached);
    metrics.read(new RecordBlock(partition, 0, records, List.of(), lag));
    metrics.reached(batch, 0);
  }

  /** Reads a record of partition 0. */
  private void read(Instant loggedAt, long lag) {
    var letter = new DeadLetterFactory("id", 0).record(Reason.UNDECODABLE, 0, new byte[0]);
    var record = new DecodedRecord.UnreadableRecord(0, loggedAt, letter);
    metrics.read(new RecordBlock(0, 0, 1, List.of(record), lag));
  }

  private List<Double> lags() {
    return registry.find("consumer_lag").gauges().stream().map(Gauge::value).sorted().toList();
  }

  private double gauge(String name) {
    return registry.get(name).tag("partition", "0").gauge().value();
  }

  @Test
  @DisplayName("the lag in seconds is the age of the oldest record that waits")
  void lagInSeconds() {
    read(NOW.minusSeconds(10), 2);
    read(NOW.minusSeconds(9), 1);
    assertThat(gauge("consumer_lag_seconds")).isEqualTo(10);
    assertThat(gauge("consumer_lag")).isEqualTo(3);

    reached(0, 1);
    assertThat(gauge("consumer_lag_seconds")).as("one record is not read yet").isEqualTo(9);

    metrics.restarted("failed");
    time.advance(Duration.ofSeconds(60));
    read(NOW.minusSeconds(9), 0);
    assertThat(gauge("consumer_lag")).isEqualTo(1);
    assertThat(gauge("consumer_lag_seconds")).isEqualTo(69);

    reached(0, 0);
    time.advance(Duration.ofHours(1));
    assertThat(gauge("consumer_lag_seconds")).as("nothing waits").isZero();
  }

  @Test
  @DisplayName("the lag in events is estimated with the recent events per record")
  void lagInEvents() {
    var click = TestClicks.click(1, NOW);
    reached(0, 4, List.of(click, click), 10);
    assertThat(gauge("consumer_lag_events")).isEqualTo(5);

    reached(0, 1, List.of(), 0);
    assertThat(gauge("consumer_lag_events")).isZero();
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
