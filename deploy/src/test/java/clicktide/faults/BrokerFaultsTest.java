package clicktide.faults;

import static org.assertj.core.api.Assertions.assertThat;

import clicktide.embedded.ThreeBrokers;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

@DisplayName("Exact counts under faults: three brokers")
@EnabledIfSystemProperty(named = "clicktide.faults", matches = "all")
@Timeout(600)
class BrokerFaultsTest extends LightFaultSuite {
  private static final String GROUP = "clicktide-rollup";

  private final ThreeBrokers brokers = new ThreeBrokers();

  BrokerFaultsTest() throws Exception {}

  @Override
  Map<String, String> settings() {
    var settings = new HashMap<>(super.settings());
    settings.putAll(brokers.settings());
    return settings;
  }

  @Override
  @AfterAll
  void close() throws Exception {
    super.close(); // the processes of the product flush to the brokers
    brokers.close();
  }

  @Test
  @DisplayName("X2, G3: each broker is restarted in order, and the groups' coordinator is killed")
  void brokersRestartAndOneIsKilled() throws Exception {
    rig.second.start(); // the groups have two members
    under(
        "X2 three brokers: each restarted, then one killed",
        () -> {
          assertThat(brokers.replicas())
              .containsOnlyKeys("events", "dead-letters", "__consumer_offsets")
              .allSatisfy((_, replicas) -> assertThat(replicas).isEqualTo(3));
          assertThat(brokers.setting("events", "min.insync.replicas")).isEqualTo("2");
          for (var node : ThreeBrokers.NODES) {
            brokers.stop(node);
            brokers.start(node);
            brokers.awaitReplicas(3);
          }
          var killed = brokers.coordinator(GROUP);
          brokers.kill(killed);
          brokers.awaitReplicas(2);
          pause(5); // some events that the killed broker does not have
          brokers.start(killed);
          brokers.awaitReplicas(3);
          rig.second.close();
          assertThat(traffic.refused()).isZero();
          return 1;
        });
  }

  @Test
  @DisplayName("X2, X3: without two replicas in sync, events wait in the spool")
  void twoBrokersAreKilled() throws Exception {
    under(
        "X2 three brokers: two killed",
        () -> {
          brokers.kill(1);
          brokers.awaitReplicas(2);
          brokers.kill(2);
          pause(10);
          brokers.start(1);
          brokers.start(2);
          brokers.awaitReplicas(3);
          assertThat(traffic.refused()).isZero();
          return 2;
        });
  }
}
