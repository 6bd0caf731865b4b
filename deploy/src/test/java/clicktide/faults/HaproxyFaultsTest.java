package clicktide.faults;

import static clicktide.time.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

@DisplayName("Exact counts under faults: HAProxy in front of two nodes")
@EnabledIfSystemProperty(named = "clicktide.faults", matches = "all")
@Timeout(1_800)
class HaproxyFaultsTest extends LightFaultSuite {
  private static final int ROUNDS = 2;
  private static final String ROLLING = "O1 rolling restart through HAProxy, two nodes, twice";

  @Override
  Map<String, String> settings() {
    var settings = new HashMap<>(super.settings());
    settings.put("CLICKTIDE_DRAIN_SECONDS", "5");
    settings.put("CLICKTIDE_TRUSTED_PROXIES", "127.0.0.1");
    return settings;
  }

  @Test
  @DisplayName("O1: no client sees an error while each node is stopped and started again")
  void rollingRestart() throws Exception {
    var program = Haproxy.program();
    if (program.isEmpty()) {
      FaultTable.notRun(ROLLING, "HAProxy");
      return;
    }
    var one = new ProductProcess(folder, "one", rig.environment);
    var two = new ProductProcess(folder, "two", rig.environment);
    try (one;
        two) {
      rig.front.close();
      rig.back.close();
      one.launch();
      two.launch();
      one.awaitReady();
      two.awaitReady();
      try (var proxy = Haproxy.start(program.get(), folder, one, two)) {
        rig.linkNode = proxy.here;
        rig.apiNode = proxy.here;
        under(ROLLING, () -> restart(List.of(one, two)));
        assertThat(traffic.refused()).as("responses that were no redirect").isZero();
        assertThat(traffic.failures()).as("connections and batches that failed").isEmpty();
      }
    }
  }

  /**
   * Restarts each node in turn while clients query the API; returns 0, because nothing is killed.
   */
  private int restart(List<ProductProcess> nodes) throws Exception {
    var code = traffic.links().clicked().getFirst();
    var path = "/v1/links/%s/analytics?interval=1h&bucket=minute".formatted(code);
    var clients =
        List.of(
            KeepAliveClient.query(rig.apiNode.apiPort, path, rig.key),
            KeepAliveClient.query(rig.apiNode.apiPort, "/v1/me", rig.key));
    var threads = clients.stream().map(Thread.ofVirtual()::start).toList();
    for (var round = 0; round < ROUNDS; round++) {
      for (var node : nodes) {
        Signals.send("TERM", node.process());
        assertThat(node.exitCode()).isEqualTo(128 + 15);
        node.start();
        eventually("HAProxy sends requests to the node that has started")
            .until(() -> node.metric("redirect_answer_seconds_count") > 0);
      }
    }
    clients.forEach(client -> client.isOver = true);
    threads.forEach(Signals::join);
    var queries = clients.stream().mapToInt(client -> client.answers.get()).sum();
    note =
        "%d queries; %d no redirect, %d failures"
            .formatted(queries, traffic.refused(), traffic.failures().size());
    assertThat(clients).allSatisfy(client -> assertThat(client.error).isEmpty());
    return 0;
  }
}
