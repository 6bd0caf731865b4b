package clicktide.deploy;

import static clicktide.time.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@DisplayName("O1: metrics")
@Timeout(120)
class MetricsTest {
  private static final String OF_LIBRARIES = "(vertx|netty|jvm|process|system)_.*|.*_seconds_max";

  @RegisterExtension static final RunningProduct product = new RunningProduct();

  @Test
  @DisplayName("every metric and label that the Grafana dashboard and the alert rules query exists")
  void everyMetricExists() throws Exception {
    followALink();
    var queries = new ArrayList<>(Monitoring.panels());
    Monitoring.rules().forEach(rule -> queries.add(rule.expression()));
    eventually("garbage is collected")
        .until(
            () -> {
              System.gc();
              return metrics().contains("jvm_gc_pause_seconds_sum{");
            });
    var lines = metrics();
    for (var query : queries) {
      assertThat(Monitoring.metrics(query)).as(query).isNotEmpty();
      for (var name : Monitoring.metrics(query)) {
        assertThat(lines).as(name).containsPattern("(?m)^" + name + "[{ ]");
      }
      for (var label : Monitoring.labels(query)) {
        assertThat(lines).as(query).containsPattern(label.inExposition());
      }
      for (var name : Monitoring.groupings(query)) {
        assertThat(Monitoring.metrics(query))
            .as("a metric with the label %s in %s", name, query)
            .anyMatch(
                metric ->
                    new Monitoring.Label(metric, name, "").inExposition().matcher(lines).find());
      }
    }
  }

  private static void followALink() throws Exception {
    product.here.follow(product.link());
    var counted = Pattern.compile("\nevents_by_lateness_total\\{.*sink=\"rollup\"");
    eventually("the click is counted by lateness").until(() -> counted.matcher(metrics()).find());
  }

  @Test
  @DisplayName("docs/metrics.md has every metric of the product, and no other one")
  void everyMetricIsDocumented() throws Exception {
    followALink();
    var exported =
        Pattern.compile("(?m)^# TYPE (\\S+)")
            .matcher(metrics())
            .results()
            .map(type -> type.group(1))
            .filter(name -> !name.matches(OF_LIBRARIES));
    var page = Path.of(System.getProperty("clicktide.root")).resolve("docs/metrics.md");
    var documented =
        Pattern.compile("(?m)^\\| `([a-z_]+)`")
            .matcher(Files.readString(page))
            .results()
            .map(row -> row.group(1))
            .filter(name -> !name.matches(OF_LIBRARIES));
    assertThat(documented).containsExactlyInAnyOrderElementsOf(exported.toList());
  }

  @Test
  @DisplayName("each pool of connections has a series of its own")
  void everyPoolHasItsSeries() throws Exception {
    var lines = metrics();
    for (var pool : List.of("control", "lists", "analytics")) {
      assertThat(lines)
          .contains("vertx_pool_in_use{pool_name=\"%s\",pool_type=\"sql\"}".formatted(pool))
          .contains("vertx_pool_queue_pending{pool_name=\"%s\",pool_type=\"sql\"}".formatted(pool));
    }
    for (var pool : List.of("commands", "subscriptions")) {
      assertThat(lines).contains("{pool_name=\"%s\",pool_type=\"redis\"}".formatted(pool));
    }
    assertThat(lines).doesNotContain(" NaN");
  }

  private static String metrics() throws Exception {
    return product.here.management("/metrics").body();
  }
}
