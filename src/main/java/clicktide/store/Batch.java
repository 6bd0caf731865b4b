package clicktide.store;

import clicktide.enrich.EnrichedClick;
import clicktide.enrich.Reclassification;
import clicktide.event.ClicksShed;
import clicktide.event.LinkClick;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/** What a partition's owner read between two consumer positions, [from, to). */
public record Batch(
    int partition, FencingToken token, long from, long to, Content content, Reached reached) {

  /** The right to write a partition: of this incarnation of the sink, since this epoch. */
  public record FencingToken(String incarnation, long epoch) {}

  /**
   * {@code visits} are to be counted, unless the sink knows their collectors' ids; {@code repeats}
   * are own clicks that were counted before; {@code rejected} are in the dead letters; {@code shed}
   * is what was lost before it was logged; {@code moved} are judgements about visits.
   */
  public record Content(
      List<EnrichedClick> visits,
      List<EnrichedClick> repeats,
      List<LinkClick> rejected,
      List<ClicksShed> shed,
      List<Reclassification> moved) {}

  /**
   * How far the sink is once it holds this batch: how fresh, without hearing from which nodes, and
   * what the next owner has to know (see {@link clicktide.stream.PartitionState}).
   */
  public record Reached(Instant through, Set<Long> silent, String progress) {}
}
