package clicktide.deploy;

import static clicktide.time.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@DisplayName("O1: metrics")
@Timeout(120)
class MetricsTest {
  @RegisterExtension static final RunningProduct product = new RunningProduct();

  @Test
  @DisplayName("every metric that the Grafana dashboard and the alert rules query exists")
  void everyMetricExists() throws Exception {
    product.here.follow(product.link());
    var queries = new ArrayList<>(Monitoring.panels());
    Monitoring.rules().forEach(rule -> queries.add(rule.expression()));
    eventually("the click is counted by lateness")
        .until(() -> metrics().contains("events_by_lateness_total{"));
    var lines = metrics();
    for (var query : queries) {
      assertThat(Monitoring.metrics(query)).as(query).isNotEmpty();
      for (var name : Monitoring.metrics(query)) {
        assertThat(lines).as(name).containsPattern("(?m)^" + name + "[{ ]");
      }
    }
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
