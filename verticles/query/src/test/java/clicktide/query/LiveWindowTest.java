package clicktide.query;

import static org.assertj.core.api.Assertions.assertThat;

import clicktide.bus.LiveIncrement;
import clicktide.bus.LiveIncrement.Increment;
import clicktide.count.HumanBotCount;
import clicktide.event.Minute;
import clicktide.event.OwnerId;
import clicktide.query.LiveWindow.AddResult;
import clicktide.store.AnalyticsTarget;
import clicktide.store.LiveCounts.Snapshot;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("E9: a live window")
class LiveWindowTest {
  private static final Instant AT = Instant.parse("2026-05-03T12:00:00Z");
  private static final Minute MINUTE = Minute.of(AT);
  private static final OwnerId OWNER = new OwnerId(1);

  private final LiveWindow window =
      new LiveWindow(
          new Watched.WatchedLink(new AnalyticsTarget.LinkTarget(5, OWNER), "abc"),
          new Snapshot(
              List.of(
                  new Snapshot.PartitionPosition(0, "i", 100, AT, Set.of()),
                  new Snapshot.PartitionPosition(1, "i", 50, AT.minusSeconds(1), Set.of())),
              Map.of(5L, Map.of(MINUTE, new HumanBotCount(2, 1)))));

  private static LiveIncrement increment(String incarnation, int partition, long from, long to) {
    return new LiveIncrement(
        incarnation,
        partition,
        from,
        to,
        AT.plusSeconds(1),
        List.of(new Increment(5, OWNER, MINUTE, 1), new Increment(6, OWNER, MINUTE, 7)));
  }

  @Test
  @DisplayName("adds the increments of its target that follow its positions")
  void addsFollowingIncrements() {
    assertThat(window.add(increment("i", 0, 100, 110))).isEqualTo(AddResult.ADDED);
    assertThat(window.links()).isEqualTo(Map.of(5L, Map.of(MINUTE, 4L)));
    assertThat(window.freshThrough()).isEqualTo(AT.minusSeconds(1));
    assertThat(window.add(increment("i", 1, 50, 60))).isEqualTo(AddResult.ADDED);
    assertThat(window.freshThrough()).isEqualTo(AT.plusSeconds(1));
  }

  @Test
  @DisplayName("leaves out an increment that the snapshot has")
  void leavesOutAnIncrementOfTheSnapshot() {
    assertThat(window.add(increment("i", 0, 90, 100))).isEqualTo(AddResult.KNOWN);
    assertThat(window.links()).isEqualTo(Map.of(5L, Map.of(MINUTE, 3L)));
  }

  @Test
  @DisplayName("needs a snapshot after a gap, for another incarnation, and for a new partition")
  void needsASnapshot() {
    assertThat(window.add(increment("i", 0, 101, 110))).isEqualTo(AddResult.GAP);
    assertThat(window.add(increment("j", 0, 100, 110))).isEqualTo(AddResult.GAP);
    assertThat(window.add(increment("i", 2, 0, 10))).isEqualTo(AddResult.GAP);
    assertThat(window.links()).isEqualTo(Map.of(5L, Map.of(MINUTE, 3L)));
  }

  @Test
  @DisplayName("removes a minute that has left the hour")
  void removesAMinute() {
    window.prune(MINUTE.plus(59));
    assertThat(window.links()).isNotEmpty();
    window.prune(MINUTE.plus(60));
    assertThat(window.links()).isEmpty();
  }
}
