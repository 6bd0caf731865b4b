package clicktide.store;

import clicktide.enrich.Moved;
import clicktide.enrich.Visit;
import clicktide.event.ClicksShed;
import clicktide.event.LinkClick;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/** What a partition's owner read between two consumer positions, [from, to). */
public record Slice(
    int partition, Tenure tenure, long from, long to, Content content, Reached reached) {

  /** The right to write a partition: of this incarnation of the sink, since this epoch. */
  public record Tenure(String incarnation, long epoch) {}

  /**
   * {@code visits} are to be counted, unless the sink knows their collectors' ids; {@code repeats}
   * are own clicks that were counted before; {@code rejected} are in the dead letters; {@code shed}
   * is what was lost before it was logged; {@code moved} are judgements about visits.
   */
  public record Content(
      List<Visit> visits,
      List<Visit> repeats,
      List<LinkClick> rejected,
      List<ClicksShed> shed,
      List<Moved> moved) {}

  /**
   * How far the sink is once it holds this slice: how fresh, without hearing from which nodes, and
   * what the next owner has to know (see {@link clicktide.stream.Progress}).
   */
  public record Reached(Instant through, Set<Long> silent, String progress) {}
}
