package clicktide.stream;

import static org.assertj.core.api.Assertions.assertThat;

import clicktide.event.Heartbeat;
import clicktide.event.Identity;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("G4: tracking of the sequence numbers that were read")
class SequenceTrackerTest {
  private static final Instant AT = Instant.parse("2026-05-03T12:00:00Z");
  private static final int PARTITIONS = 5;

  private static Identity.Own click(int boot, long sequence) {
    return new Identity.Own(7, boot, 0, sequence);
  }

  private static List<Identity.Own> ofPartition(int partition, int clicks) {
    var own = new ArrayList<Identity.Own>();
    for (var sequence = 0L; own.size() < clicks; sequence++) {
      if (click(1, sequence).partition(PARTITIONS) == partition) {
        own.add(click(1, sequence));
      }
    }
    return own;
  }

  private static Heartbeat acknowledged(int boot, int firstBoot, long acknowledged) {
    return new Heartbeat(7, boot, firstBoot, AT, List.of(acknowledged), List.of(), false);
  }

  @Test
  @DisplayName("every click is new once, in any order, with repeats and restarts, 100 seeds")
  void everyClickIsNewOnce() {
    for (var seed = 0; seed < 100; seed++) {
      var random = new Random(seed);
      var partition = random.nextInt(PARTITIONS);
      var clicks = ofPartition(partition, 1 + random.nextInt(3_000));
      var sent = new ArrayList<Identity.Own>();
      clicks.forEach(click -> sent.addAll(Collections.nCopies(1 + random.nextInt(3), click)));
      if (random.nextBoolean()) {
        Collections.shuffle(sent, random);
      } else { // runs that change places, as after an outage
        Collections.rotate(sent, random.nextInt(sent.size()));
      }
      var state = PartitionState.begin(partition, PARTITIONS, true);
      var seen = new HashSet<Identity.Own>();
      for (var click : sent) {
        assertThat(state.isNew(click)).as("seed %d, %s", seed, click).isEqualTo(seen.add(click));
        if (random.nextInt(500) == 0) {
          state = PartitionState.read(state.write(), Map.of(), partition, PARTITIONS);
        }
      }
      state.observe(AT, AT, acknowledged(1, 1, clicks.getLast().sequence() + 1));
      assertThat(state.missing()).isZero();
      assertThat(state.saved().lanes().getFirst().ranges()).hasSize(1);
    }
  }

  @Test
  @DisplayName("an acknowledged click that was not read is missing until it arrives")
  void aLostClickIsMissing() {
    var clicks = ofPartition(2, 2_000);
    var lost = clicks.remove(777);
    var state = PartitionState.begin(2, PARTITIONS, true);
    clicks.forEach(state::isNew);
    var acknowledged = acknowledged(1, 1, clicks.getLast().sequence() + 1);

    state.observe(AT, AT, acknowledged);
    assertThat(state.missing()).isEqualTo(1);

    assertThat(state.isNew(lost)).isTrue();
    state.observe(AT, AT, acknowledged);
    assertThat(state.missing()).isZero();
  }

  @Test
  @DisplayName("a click that was acknowledged before the first record is a repeat")
  void whatWasSettledBeforeIsARepeat() {
    var clicks = ofPartition(1, 1_000);
    var state = PartitionState.begin(1, PARTITIONS, false);

    state.observe(AT, AT, acknowledged(1, 1, clicks.get(500).sequence()));

    assertThat(state.missing()).isZero();
    assertThat(state.isNew(clicks.get(499))).isFalse();
    assertThat(state.isNew(clicks.get(500))).isTrue();
  }

  @Test
  @DisplayName("a boot that is over is forgotten, and none of its clicks counts again")
  void aBootIsForgotten() {
    var state = PartitionState.begin(0, 1, true);
    assertThat(state.isNew(click(1, 0))).isTrue();
    state.observe(AT, AT, acknowledged(2, 2, 0));

    var next = PartitionState.read(state.write(), Map.of(), 0, 1);

    assertThat(next.isNew(click(1, 1))).isFalse();
    assertThat(next.isNew(click(2, 0))).isTrue();
    next.observe(AT, AT, acknowledged(1, 1, 5)); // late, of the boot before
    assertThat(next.missing()).isZero();
  }

  @Test
  @DisplayName("a missing click of a boot that is over still counts, once")
  void whatIsMissingOfABootStillCounts() {
    var state = PartitionState.begin(0, 1, true);
    state.isNew(click(1, 0));
    state.isNew(click(1, 2));
    state.observe(AT, AT, acknowledged(1, 1, 3));
    assertThat(state.missing()).isEqualTo(1);
    state.observe(AT, AT, acknowledged(2, 2, 0));
    assertThat(state.missing()).as("although its boot is over").isEqualTo(1);

    var next = PartitionState.read(state.write(), Map.of(), 0, 1);

    assertThat(next.isNew(click(1, 2))).isFalse();
    assertThat(next.isNew(click(1, 1))).isTrue();
    assertThat(next.isNew(click(1, 1))).isFalse();
    next.observe(AT, AT, acknowledged(2, 2, 0));
    assertThat(next.missing()).isZero();
  }

  @Test
  @DisplayName("the first record of a node may have clicks")
  void aRecordWithClicksMayBeTheFirst() {
    var clicks = ofPartition(1, 600);
    var state = PartitionState.begin(1, PARTITIONS, false);
    var report = acknowledged(1, 1, clicks.get(500).sequence());

    state.announce(report);
    assertThat(state.isNew(clicks.get(550))).isTrue();
    state.observe(AT, AT, report);

    assertThat(state.missing()).isZero();
  }

  @Test
  @DisplayName("a click that was under way before the first record is not missing")
  void whatWasUnderWayIsNotMissing() {
    var clicks = ofPartition(1, 600);
    var state = PartitionState.begin(1, PARTITIONS, false);

    state.observe(
        AT, AT, acknowledged(1, 1, clicks.get(500).sequence())); // up to 509 lie before it
    clicks.subList(510, 520).forEach(click -> assertThat(state.isNew(click)).isTrue());
    state.observe(AT, AT, acknowledged(1, 1, clicks.get(520).sequence()));
    assertThat(state.missing()).isZero();
    state.observe(AT, AT, acknowledged(2, 2, 0));

    assertThat(state.missing()).as("when the boot is over").isZero();
  }
}
