package clicktide.faults;

import static org.assertj.core.api.Assertions.assertThat;

import clicktide.embedded.EmbeddedServers.Kind;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("Exact counts under faults: the short selection")
@Timeout(240)
class ShortFaultsTest extends LightFaultSuite {
  @Test
  @DisplayName("X1, G2: kill -9 of the redirect process")
  void theRedirectProcessDies() throws Exception {
    under(
        "X1 kill -9 of the redirect process",
        () -> {
          for (var i = 0; i < 2; i++) {
            rig.front.kill();
            rig.front.start();
            pause(0.3);
          }
          return 2;
        });
  }

  @Test
  @DisplayName("X2, X5, X6, G1: kill -9 of every server")
  void theServersDie() throws Exception {
    under(
        "X2 X5 X6 kill -9 of Kafka, Redis and PostgreSQL",
        () -> {
          for (var kind : Kind.values()) {
            rig.kill(kind);
            pause(2);
          }
          return 3;
        });
  }

  @Test
  @DisplayName("X4, X6b: kill -9 of the aggregation process, and cut replies")
  void theCountingProcessDies() throws Exception {
    under(
        "X4 kill -9 of the counting process, cut replies",
        () -> {
          rig.cutReplies(3);
          rig.back.kill();
          rig.back.start();
          note = "%d replies cut".formatted(rig.cuts());
          return 1;
        });
  }

  @Test
  @DisplayName("X5, G8: Redis is emptied")
  void redisIsEmptied() throws Exception {
    under(
        "X5 Redis emptied",
        () -> {
          rig.emptyRedis();
          return 0;
        });
  }

  @Test
  @DisplayName(
      "G21: the data folder of a redirect node is copied, and put back to an earlier state")
  void theDataFolderIsCopied() throws Exception {
    under(
        "G21 data folder copied under load, and put back",
        () -> {
          var earlier = rig.copyOfFront("earlier");
          // Until a node has reached the log, its own folder alone has its clicks.
          try (var clone = rig.clone("clone").start().awaitLog();
              var more = traffic.at(clone.here).start(clicks(), 0)) {
            pause(3);
            assertThat(more.refused()).isZero();
          }
          rig.front.kill();
          rig.putFrontBack(earlier);
          rig.front.start();
          return 1;
        });
  }

  @Test
  @DisplayName("A5, E10: a change through one process reaches a second process")
  void changesArrive() throws Exception {
    try (var propagation = new Propagation(rig)) {
      propagation.run();
    }
  }
}
