package clicktide.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import clicktide.count.Outcome;
import clicktide.event.Heartbeat;
import clicktide.event.Identity;
import clicktide.store.Batch;
import clicktide.store.MemorySink;
import clicktide.store.Sink.Position;
import clicktide.wire.SavedState.SavedLane;
import clicktide.wire.SavedStateCodec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("G4: nodes that ended leave the fence and stay exact")
class EndedNodesTest {
  private static final Instant AT = Instant.parse("2026-05-03T12:00:00Z");
  private static final Duration FOREVER = Duration.ofDays(36_500);
  private static final Duration RETENTION = Duration.ofDays(21);
  private static final Position NEW =
      new Position(new Batch.FencingToken("one", 1), 0, "", Map.of());

  private static PartitionState read(Position position, int partition, int partitions) {
    return PartitionState.read(position.state(), position.ended(), partition, partitions);
  }

  /** The position of a store after a batch with the progress of a state. */
  private static Position store(Position before, PartitionState state, Duration retention) {
    var ended = state.endNodes(retention);
    var reached = new Batch.Reached(state.watermark(), state.silent(), state.write(), ended);
    List<Outcome> none = List.of();
    var next = before.next();
    var batch = new Batch(0, before.token(), next, next + 1, none, reached);
    state.stored();
    return MemorySink.after(before, batch);
  }

  private static Heartbeat heartbeat(long node, long acknowledged, List<Long> previous) {
    return new Heartbeat(node, 1, 1, AT, List.of(acknowledged), previous, false);
  }

  private static Heartbeat last(long node, long acknowledged) {
    return new Heartbeat(node, 1, 1, AT, List.of(acknowledged), List.of(), true);
  }

  private static Identity.Own click(long node, long sequence) {
    return new Identity.Own(node, 1, 0, sequence);
  }

  private static void observe(PartitionState state, Instant at, Heartbeat heartbeat) {
    state.announce(heartbeat);
    state.observe(at, at, heartbeat);
  }

  /** A state whose node 1 has read clicks 0 to 4 and ended, as the store keeps it. */
  private static Position ended() {
    var state = PartitionState.begin(0, 1, true);
    observe(state, AT, heartbeat(1, 0, List.of()));
    LongStream.range(0, 5).forEach(sequence -> state.isNew(click(1, sequence)));
    observe(state, AT.plusSeconds(5), heartbeat(2, 0, List.of(1L)));
    var position = store(NEW, state, RETENTION);
    assertThat(position.ended()).as("not silent for 30 s").isEmpty();
    observe(state, AT.plusSeconds(40), heartbeat(2, 0, List.of(1L)));
    position = store(position, state, RETENTION);
    assertThat(position.ended()).containsOnlyKeys(1L);
    return position;
  }

  /**
   * Two states that take the same records: the nodes of one never end. They read the same clicks,
   * and a store that loses the newest batches gives both of them the state of the last one.
   */
  private static final class Twins {
    private final Random random;
    private final int partitions;
    private final int partition;
    private final List<Long> nodes = new ArrayList<>();
    private Instant now = AT;
    private PartitionState plain;
    private PartitionState split;
    private String saved;
    private Position position = NEW;
    private int endings;

    private Twins(long seed) {
      random = new Random(seed);
      partitions = 1 + random.nextInt(3);
      partition = random.nextInt(partitions);
      var isWhole = random.nextBoolean();
      plain = PartitionState.begin(partition, partitions, isWhole);
      split = PartitionState.begin(partition, partitions, isWhole);
      saved = plain.write();
      position = store(position, split, FOREVER);
    }

    private void step() {
      now = now.plusMillis(random.nextInt(40) == 0 ? 90_000_000 : random.nextInt(9_000));
      if (nodes.isEmpty() || random.nextInt(8) == 0) {
        nodes.add(random.nextLong());
      }
      record(random.nextInt(5) == 0 ? Heartbeat.NONE : heartbeat());
      assertThat(split.missing()).isEqualTo(plain.missing());
      assertThat(split.watermark()).isEqualTo(plain.watermark());
      assertThat(split.silent()).isEqualTo(plain.silent());
      if (random.nextInt(3) == 0) {
        batch();
      }
    }

    /** Any node, mostly one of the newest. */
    private long node() {
      var back = random.nextInt(4) == 0 ? nodes.size() : Math.min(3, nodes.size());
      return nodes.get(nodes.size() - 1 - random.nextInt(back));
    }

    private Heartbeat heartbeat() {
      var boot = 1 + random.nextInt(2);
      var acknowledged =
          LongStream.range(0, random.nextInt(3)).map(_ -> random.nextInt(1_200)).boxed().toList();
      var oldest = now.minusMillis(random.nextInt(60_000));
      var previous = random.nextBoolean() ? List.copyOf(nodes) : List.<Long>of();
      var isLast = random.nextInt(6) == 0;
      return new Heartbeat(
          node(), boot, random.nextInt(boot + 1), oldest, acknowledged, previous, isLast);
    }

    private void record(Heartbeat heartbeat) {
      plain.announce(heartbeat);
      split.announce(heartbeat);
      var node = node();
      var boot = 1 + random.nextInt(2);
      for (var sequence = random.nextInt(1_200); random.nextInt(30) > 0; sequence++) {
        var click = new Identity.Own(node, boot, random.nextInt(2), sequence);
        if (click.partition(partitions) != partition) {
          continue;
        }
        if (random.nextInt(20) == 0) {
          plain.leaveOut(click);
          split.leaveOut(click);
        } else {
          assertThat(split.isNew(click)).as("%s", click).isEqualTo(plain.isNew(click));
        }
      }
      plain.observe(now, now, heartbeat);
      split.observe(now, now, heartbeat);
    }

    /** Stores a batch; or the store has it and the owner ends; or the owner ends before that. */
    private void batch() {
      var isStored = random.nextInt(4) > 0;
      if (isStored) {
        saved = plain.write();
        position = store(position, split, FOREVER);
        endings += position.ended().size();
        compare();
      } else if (random.nextBoolean()) {
        split.endNodes(FOREVER); // and the store does not answer
      }
      if (!isStored || random.nextBoolean()) {
        plain = PartitionState.read(saved, Map.of(), partition, partitions);
        split = read(position, partition, partitions);
      }
    }

    /** The fence and the nodes beside it hold together exactly the state of the other twin. */
    private void compare() {
      var state = PartitionState.read(position.state(), Map.of(), partition, partitions).saved();
      var firstBoots = new TreeMap<>(state.firstBoots());
      var lanes = new ArrayList<>(state.lanes());
      var live = new TreeSet<>(state.firstBoots().keySet());
      state.lanes().forEach(lane -> live.add(lane.node()));
      position
          .ended()
          .forEach(
              (node, text) -> {
                if (!live.contains(node)) {
                  var ended = SavedStateCodec.decode(Base64.getDecoder().decode(text));
                  firstBoots.putAll(ended.firstBoots());
                  lanes.addAll(ended.lanes());
                }
              });
      var expected = PartitionState.read(saved, Map.of(), partition, partitions).saved();
      assertThat(firstBoots).isEqualTo(expected.firstBoots());
      assertThat(Set.copyOf(lanes)).isEqualTo(Set.<SavedLane>copyOf(expected.lanes()));
      assertThat(lanes).hasSameSizeAs(expected.lanes());
      assertThat(state.nodes()).isEqualTo(expected.nodes());
      assertThat(state.clock()).isEqualTo(expected.clock());
    }
  }

  @Test
  @DisplayName("a state without its ended nodes decides like a state with all nodes, 100 seeds")
  void decidesLikeAStateWithAllNodes() {
    var endings = 0;
    for (var seed = 0; seed < 100; seed++) {
      try {
        var twins = new Twins(seed);
        for (var step = 0; step < 200; step++) {
          twins.step();
        }
        endings += twins.endings;
      } catch (RuntimeException | AssertionError failure) {
        throw new AssertionError("seed %d fails".formatted(seed), failure);
      }
    }
    assertThat(endings).isGreaterThan(300);
  }

  @Test
  @DisplayName("10,000 starts, half of them killed, leave a few hundred bytes in the fence")
  void tenThousandStarts() {
    var state = PartitionState.begin(0, 1, true);
    var rows = new HashMap<Long, String>();
    var now = AT;
    var longest = 0;
    for (var node = 1L; node <= 10_000; node++) {
      for (var tick = 0; tick < 4; tick++) { // the next start follows after 20 s
        now = now.plusSeconds(5);
        observe(state, now, heartbeat(node, 2L * tick, List.of(node - 1)));
        state.isNew(click(node, 2L * tick));
        state.isNew(click(node, 2L * tick + 1));
      }
      if (node % 2 == 0) {
        observe(state, now, last(node, 8));
      }
      var ended = state.endNodes(RETENTION);
      state.stored();
      rows.putAll(ended.states());
      assertThat(ended.forgotten()).isEmpty();
      longest = Math.max(longest, state.write().length());
      if (node % 1_000 == 500) {
        state = PartitionState.read(state.write(), rows, 0, 1); // a new owner
      }
    }
    assertThat(longest).isLessThan(400);
    assertThat(rows).hasSizeBetween(9_990, 10_000);
    assertThat(rows.values()).allSatisfy(text -> assertThat(text).hasSizeLessThan(70));
    var again = 0;
    var missed = 0;
    for (var node = 1L; node <= 10_000; node++) {
      for (var sequence = 0; sequence < 8; sequence++) {
        again += state.isNew(click(node, sequence)) ? 1 : 0;
      }
      missed += state.isNew(click(node, 8)) == (node % 2 == 1) ? 0 : 1;
    }
    assertThat(again).isZero();
    assertThat(missed).as("only a node that was killed can have more clicks").isZero();
  }

  @Test
  @DisplayName("a node that is read again is in the fence with the next batch")
  void aNodeThatIsReadAgain() {
    var position = ended();

    var state = read(position, 0, 1);
    assertThat(state.isNew(click(1, 4))).isFalse();
    assertThat(state.isNew(click(1, 5))).isTrue();
    state.observe(AT.plusSeconds(41), AT.plusSeconds(41), Heartbeat.NONE);
    var outdated = position.ended();
    position = store(position, state, RETENTION);

    assertThat(position.ended()).as("the fence has the node, so this stays").isEqualTo(outdated);
    var next = read(position, 0, 1);
    assertThat(next.isNew(click(1, 5))).isFalse();
    observe(next, AT.plusSeconds(80), heartbeat(2, 0, List.of(1L)));
    position = store(position, next, RETENTION);
    observe(next, AT.plusSeconds(120), heartbeat(2, 0, List.of(1L)));
    position = store(position, next, RETENTION);
    assertThat(position.ended()).isNotEqualTo(outdated);
    assertThat(read(position, 0, 1).isNew(click(1, 5))).as("ended again").isFalse();
  }

  @Test
  @DisplayName("a batch that the store may not have is repeated with the same ended nodes")
  void aBatchThatIsRepeated() {
    var state = PartitionState.begin(0, 1, true);
    observe(state, AT, heartbeat(1, 0, List.of()));
    observe(state, AT.plusSeconds(5), heartbeat(2, 0, List.of(1L)));
    assertThat(state.endNodes(RETENTION)).isEqualTo(Batch.EndedNodes.NONE);
    observe(state, AT.plusSeconds(40), heartbeat(2, 0, List.of(1L)));

    var changes = state.endNodes(RETENTION);

    assertThat(changes.states()).containsOnlyKeys(1L);
    assertThat(state.endNodes(RETENTION)).isEqualTo(changes);
    state.stored();
    assertThat(state.endNodes(RETENTION)).isEqualTo(Batch.EndedNodes.NONE);
  }

  @Test
  @DisplayName("a node is forgotten after its retention, when another node ends")
  void aNodeIsForgotten() {
    var position = ended();
    var state = read(position, 0, 1);
    var late = AT.plus(RETENTION).minusSeconds(60);
    observe(state, late, last(2, 0));
    position = store(position, state, RETENTION);
    observe(state, late.plusSeconds(40), heartbeat(3, 0, List.of()));
    position = store(position, state, RETENTION);
    assertThat(position.ended()).containsOnlyKeys(1L, 2L);

    late = late.plus(Duration.ofDays(1));
    observe(state, late, last(3, 0));
    position = store(position, state, RETENTION);
    observe(state, late.plusSeconds(40), heartbeat(4, 0, List.of()));
    position = store(position, state, RETENTION);

    assertThat(position.ended()).containsOnlyKeys(2L, 3L);
    assertThat(state.isNew(click(1, 7))).as("of a node that is not known").isTrue();
    assertThat(state.isNew(click(1, 7))).isFalse();
    assertThat(state.missing()).isZero();
    assertThat(read(store(position, state, RETENTION), 0, 1).isNew(click(1, 7))).isFalse();
  }

  @Test
  @DisplayName("the nodes of a long fence of an earlier version leave it, 1,000 with each batch")
  void aLongFence() {
    var before = PartitionState.begin(0, 1, true);
    for (var node = 1L; node <= 2_500; node++) {
      observe(before, AT, heartbeat(node, 0, List.of()));
      before.isNew(click(node, 0));
      observe(before, AT, last(node, 1));
    }
    var text = before.write();
    var state = PartitionState.read(text, Map.of(), 0, 1);
    var position = new Position(NEW.token(), 0, text, Map.of());
    var sizes = new ArrayList<Integer>();
    for (var at = AT; sizes.size() < 4; at = at.plusSeconds(40)) {
      state.observe(at, at, Heartbeat.NONE);
      position = store(position, state, RETENTION);
      sizes.add(position.ended().size());
    }

    assertThat(sizes).containsExactly(0, 1_000, 2_000, 2_500);
    assertThat(position.state()).hasSizeLessThan(60);
    assertThat(read(position, 0, 1).isNew(click(77, 0))).isFalse();
  }

  @Test
  @DisplayName("a text of an ended node that this version cannot use is refused")
  void whatItCannotUseIsRefused() {
    for (var text : List.of("", "!", "CAI=", "CAFC")) {
      var position = new Position(NEW.token(), 0, ended().state(), Map.of(1L, text));
      assertThatThrownBy(() -> read(position, 0, 1))
          .as(text)
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
