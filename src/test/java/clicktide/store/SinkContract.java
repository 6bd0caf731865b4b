package clicktide.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import clicktide.count.TestClicks;
import clicktide.enrich.EnrichedClick;
import clicktide.store.Sink.BatchRefused;
import clicktide.store.Sink.Position;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The guarantees of every sink under faults (C3, C4, G4, G6). */
public abstract class SinkContract {
  public static final String TOPIC = "topic-of-the-test";

  /** The time of the clicks where no store compares it with its own clock. */
  public static final Instant NOW = Instant.parse("2026-05-06T12:34:00Z");

  protected final Instant now;
  private Sink sink;

  /** A contract whose clicks happen at a time, which is a whole minute. */
  protected SinkContract(Instant now) {
    this.now = now;
  }

  /** A writer of one and the same store. */
  protected abstract Sink writer();

  /** Everything that the store counted for a link in the last half hour. */
  protected abstract long counted(long link);

  /** Makes an empty store ready. */
  protected abstract void prepare() throws Exception;

  @BeforeEach
  void openSink() throws Exception {
    prepare();
    sink = writer();
  }

  public static Position takeOver(Sink writer, int partition) {
    return writer.takeOver(TOPIC, partition, () -> 100);
  }

  protected final Batch batch(
      int partition, Position position, long from, List<EnrichedClick> visits) {
    return batch(now, partition, position, from, visits);
  }

  /** A batch of ten offsets whose watermark is {@code now}. */
  public static Batch batch(
      Instant now, int partition, Position position, long from, List<EnrichedClick> visits) {
    var reached =
        new Batch.Reached(now, Set.of(-5L), "whole s:1:1:0:0:" + from, Batch.EndedNodes.NONE);
    return new Batch(
        partition, position.token(), from, from + 10, TestClicks.counted(visits), reached);
  }

  @Test
  @DisplayName("C4: a batch applied twice counts once")
  void aSliceAppliedTwiceCountsOnce() {
    var position = takeOver(sink, 0);
    var batch =
        batch(
            0,
            position,
            position.next(),
            List.of(TestClicks.visit(1, now), TestClicks.visit(1, now)));

    sink.apply(TOPIC, List.of(batch));

    assertThatThrownBy(() -> sink.apply(TOPIC, List.of(batch))).isInstanceOf(BatchRefused.class);
    assertThat(counted(1)).isEqualTo(2);
  }

  @Test
  @DisplayName("C4: the position, and what the next owner has to know, are kept with the counts")
  void thePositionIsKeptWithTheCounts() {
    var position = takeOver(sink, 1);
    assertThat(position.next()).isEqualTo(100);

    sink.apply(TOPIC, List.of(batch(1, position, 100, List.of(TestClicks.visit(2, now)))));

    var next = takeOver(writer(), 1);
    assertThat(next.next()).isEqualTo(110);
    assertThat(next.state()).isEqualTo("whole s:1:1:0:0:100");
  }

  /** A batch of ten offsets with changes of ended nodes. */
  protected static Batch ended(
      int partition, Position position, long from, Map<Long, String> states, Set<Long> forgotten) {
    var plain = batch(NOW, partition, position, from, List.of());
    var reached = plain.reached();
    return new Batch(
        partition,
        plain.token(),
        plain.from(),
        plain.to(),
        plain.outcomes(),
        new Batch.Reached(
            reached.watermark(),
            reached.silent(),
            reached.state(),
            new Batch.EndedNodes(states, forgotten)));
  }

  @Test
  @DisplayName("G4: nodes that ended are kept one by one for the next owner, and are forgotten")
  void endedNodesAreKept() {
    var position = takeOver(sink, 1);
    assertThat(position.ended()).isEmpty();
    var other = takeOver(sink, 2);

    sink.apply(
        TOPIC,
        List.of(
            ended(1, position, 100, Map.of(-7L, "seven", 8L, "eight"), Set.of()),
            ended(2, other, 100, Map.of(8L, "elsewhere"), Set.of())));
    var next = takeOver(writer(), 1);
    assertThat(next.ended()).isEqualTo(Map.of(-7L, "seven", 8L, "eight"));
    sink.apply(TOPIC, List.of(ended(1, next, 110, Map.of(8L, "again"), Set.of(-7L, 99L))));

    assertThat(takeOver(writer(), 1).ended()).isEqualTo(Map.of(8L, "again"));
    assertThat(takeOver(writer(), 2).ended()).isEqualTo(Map.of(8L, "elsewhere"));
  }

  @Test
  @DisplayName("G6: a former owner, or a batch from another offset, changes no node that ended")
  void aFormerOwnerEndsNoNode() {
    var former = takeOver(sink, 2);
    sink.apply(TOPIC, List.of(ended(2, former, 100, Map.of(8L, "eight"), Set.of())));
    var current = takeOver(writer(), 2);

    for (var refused :
        List.of(
            ended(2, former, 110, Map.of(7L, "seven", 8L, "changed"), Set.of()),
            ended(2, former, 110, Map.of(), Set.of(8L)),
            ended(2, current, 115, Map.of(), Set.of(8L)))) {
      assertThatThrownBy(() -> sink.apply(TOPIC, List.of(refused)))
          .isInstanceOf(BatchRefused.class);
    }

    assertThat(takeOver(writer(), 2).ended()).isEqualTo(Map.of(8L, "eight"));
  }

  @Test
  @DisplayName("G6: a former owner is refused")
  void aFormerOwnerIsRefused() {
    var former = takeOver(sink, 2);
    var owner = writer();
    var current = takeOver(owner, 2);

    assertThatThrownBy(
            () ->
                sink.apply(
                    TOPIC, List.of(batch(2, former, 100, List.of(TestClicks.visit(3, now))))))
        .isInstanceOf(BatchRefused.class);
    owner.apply(TOPIC, List.of(batch(2, current, 100, List.of(TestClicks.visit(3, now)))));

    assertThat(counted(3)).isEqualTo(1);
  }

  @Test
  @DisplayName("a batch that leaves a gap is refused")
  void aSliceThatLeavesAGapIsRefused() {
    var position = takeOver(sink, 3);

    assertThatThrownBy(
            () ->
                sink.apply(
                    TOPIC, List.of(batch(3, position, 105, List.of(TestClicks.visit(4, now))))))
        .isInstanceOf(BatchRefused.class);
    assertThat(counted(4)).isZero();
  }

  @Test
  @DisplayName(
      "G4: a collector's id counts once, in one batch, in the next, and for the next owner")
  void anIdCountsOnce() {
    var position = takeOver(sink, 4);
    var visit = TestClicks.collected("same", 5, now);

    sink.apply(TOPIC, List.of(batch(4, position, 100, List.of(visit, visit))));
    sink.apply(
        TOPIC,
        List.of(batch(4, position, 110, List.of(visit, TestClicks.collected("other", 5, now)))));
    var next = writer();
    next.apply(TOPIC, List.of(batch(4, takeOver(next, 4), 120, List.of(visit))));

    assertThat(counted(5)).isEqualTo(2);
  }

  @Test
  @DisplayName("any cut into batches gives the same counts")
  void anyCutGivesTheSameCounts() {
    var random = new Random(1);
    var visits = new ArrayList<EnrichedClick>();
    for (var i = 0; i < 200; i++) {
      visits.add(TestClicks.visit(10 + random.nextInt(3), now.minusSeconds(random.nextInt(600))));
    }

    var position = takeOver(sink, 5);
    var from = position.next();
    for (var cut = 0; cut < visits.size(); from += 10) {
      var end = Math.min(visits.size(), cut + 1 + random.nextInt(60));
      sink.apply(TOPIC, List.of(batch(5, position, from, visits.subList(cut, end))));
      cut = end;
    }

    for (var link = 10; link < 13; link++) {
      var number = link;
      assertThat(counted(link))
          .isEqualTo(visits.stream().filter(v -> v.click().subject().id() == number).count());
    }
  }

  @Test
  @DisplayName("C5: one link in all partitions adds up")
  void oneLinkInAllPartitionsAddsUp() {
    var batches = new ArrayList<Batch>();
    for (var partition = 6; partition < 12; partition++) {
      var position = takeOver(sink, partition);
      batches.add(batch(partition, position, position.next(), List.of(TestClicks.visit(20, now))));
    }

    sink.apply(TOPIC, batches);

    assertThat(counted(20)).isEqualTo(6);
  }
}
