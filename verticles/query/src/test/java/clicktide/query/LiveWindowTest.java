package clicktide.query;

import static org.assertj.core.api.Assertions.assertThat;

import clicktide.bus.LiveIncrement;
import clicktide.bus.LiveIncrement.Increment;
import clicktide.count.HumanBotCount;
import clicktide.event.Minute;
import clicktide.event.OwnerId;
import clicktide.query.LiveWindow.Outcome;
import clicktide.store.LiveCounts.Snapshot;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("E9: a watched window")
class LiveWindowTest {
  private static final Instant AT = Instant.parse("2026-05-03T12:00:00Z");
  private static final Minute MINUTE = Minute.of(AT);
  private static final OwnerId OWNER = new OwnerId(1);

  private final LiveWindow window =
      new LiveWindow(
          new Watched.WatchedLink(5, "abc"),
          new Snapshot(
              List.of(
                  new Snapshot.PartitionPosition(0, "i", 100, AT, Set.of()),
                  new Snapshot.PartitionPosition(1, "i", 50, AT.minusSeconds(1), Set.of())),
              Map.of(5L, Map.of(MINUTE, new HumanBotCount(2, 1)))));

  private static LiveIncrement counted(String incarnation, int partition, long from, long to) {
    return new LiveIncrement(
        incarnation,
        partition,
        from,
        to,
        AT.plusSeconds(1),
        List.of(new Increment(5, OWNER, MINUTE, 1), new Increment(6, OWNER, MINUTE, 7)));
  }

  @Test
  @DisplayName("adds what follows its positions, of what is watched only")
  void addsWhatFollows() {
    assertThat(window.add(counted("i", 0, 100, 110))).isEqualTo(Outcome.ADDED);
    assertThat(window.links()).isEqualTo(Map.of(5L, Map.of(MINUTE, 4L)));
    assertThat(window.freshThrough()).isEqualTo(AT.minusSeconds(1));
    assertThat(window.add(counted("i", 1, 50, 60))).isEqualTo(Outcome.ADDED);
    assertThat(window.freshThrough()).isEqualTo(AT.plusSeconds(1));
  }

  @Test
  @DisplayName("knows what was in the snapshot")
  void knowsWhatWasInTheSnapshot() {
    assertThat(window.add(counted("i", 0, 90, 100))).isEqualTo(Outcome.KNOWN);
    assertThat(window.links()).isEqualTo(Map.of(5L, Map.of(MINUTE, 3L)));
  }

  @Test
  @DisplayName("has to be made anew after a gap, for another incarnation, and for a new partition")
  void hasToBeMadeAnew() {
    assertThat(window.add(counted("i", 0, 101, 110))).isEqualTo(Outcome.GAP);
    assertThat(window.add(counted("j", 0, 100, 110))).isEqualTo(Outcome.GAP);
    assertThat(window.add(counted("i", 2, 0, 10))).isEqualTo(Outcome.GAP);
    assertThat(window.links()).isEqualTo(Map.of(5L, Map.of(MINUTE, 3L)));
  }

  @Test
  @DisplayName("lets minutes go with the hour")
  void letsMinutesGo() {
    window.prune(MINUTE.plus(59));
    assertThat(window.links()).isNotEmpty();
    window.prune(MINUTE.plus(60));
    assertThat(window.links()).isEmpty();
  }
}
