package clicktide.faults;

import static clicktide.time.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** The promised limits of docs/operation.md, "Several processes", hold on an idle machine. */
@DisplayName("Exact counts under faults: counts stand still when a counting process comes or goes")
@EnabledIfSystemProperty(named = "clicktide.faults", matches = "all")
@Timeout(1_800)
class FreshnessFaultsTest extends LightFaultSuite {
  private static final int TIMES = 3;
  private static final int PARTITIONS = 12;
  private static final double ORDERLY_SECONDS = 3;
  private static final double CRASH_SECONDS = 12;

  @Test
  @DisplayName("G14: one of two counting processes joins, stops in order, and is killed")
  void countsStandStill() throws Exception {
    var joins = new ArrayList<Double>();
    var stops = new ArrayList<Double>();
    var crashes = new ArrayList<Double>();
    under(
        "G14 one of two counting processes joins, stops, is killed",
        () -> {
          for (var i = 0; i < TIMES; i++) {
            joins.add(gap(rig.second::start, PARTITIONS / 2));
            stops.add(gap(rig.second::close, PARTITIONS));
            joins.add(gap(rig.second::start, PARTITIONS / 2));
            crashes.add(gap(rig.second::kill, PARTITIONS));
          }
          note =
              "counts stood still: join %s, stop %s, kill -9 %s s".formatted(joins, stops, crashes);
          return TIMES;
        });
    assertThat(most(joins)).as("after a join").isLessThanOrEqualTo(ORDERLY_SECONDS);
    assertThat(most(stops)).as("after a stop").isLessThanOrEqualTo(ORDERLY_SECONDS);
    assertThat(most(crashes)).as("after kill -9").isLessThanOrEqualTo(CRASH_SECONDS);
  }

  /** A start or an end of the second counting process. */
  private interface Change {
    void make() throws Exception;
  }

  /**
   * Makes a change and returns the longest time in which freshThrough stood still, in seconds,
   * until the first process follows this number of partitions for each sink and the counts are
   * fresh.
   */
  private double gap(Change change, int partitions) throws Exception {
    awaitFreshCounts();
    watch.takeGap();
    change.make();
    eventually("the first process follows %d partitions".formatted(partitions))
        .until(
            () -> rig.back.metrics("consumer_lag_seconds"),
            lags -> isShare(lags.keySet(), partitions));
    awaitFreshCounts();
    return watch.takeGap();
  }

  private static boolean isShare(Set<String> series, int partitions) {
    return List.of("live", "rollup").stream()
        .allMatch(
            sink ->
                series.stream().filter(one -> one.contains("sink=\"" + sink + "\"")).count()
                    == partitions);
  }

  private void awaitFreshCounts() {
    var code = traffic.links().clicked().getFirst();
    for (var bucket : List.of("minute", "total")) {
      eventually("the counts are fresh").until(() -> rig.staleness(code, bucket) <= 1);
    }
  }

  private static double most(List<Double> gaps) {
    return gaps.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
  }
}
