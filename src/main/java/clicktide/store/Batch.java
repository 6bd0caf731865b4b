package clicktide.store;

import clicktide.enrich.EnrichedClick;
import clicktide.enrich.Reclassification;
import clicktide.event.LinkClick;
import clicktide.event.ShedReport;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The events of one partition between two consumer positions [from, to). */
public record Batch(
    int partition, FencingToken token, long from, long to, Content content, Reached reached) {

  /** The right to write a partition: it names the incarnation of the sink and the epoch. */
  public record FencingToken(String incarnation, long epoch) {}

  /**
   * The outcomes of the events. {@code clicks} count, unless the sink knows the ids of their
   * collectors. {@code repeats} are own clicks that were counted before. {@code rejected} are in
   * the dead letters. {@code shed} are losses before the log.
   */
  public record Content(
      List<EnrichedClick> clicks,
      List<EnrichedClick> repeats,
      List<LinkClick> rejected,
      List<ShedReport> shed,
      List<Reclassification> reclassified) {}

  /**
   * The progress of the sink when it has this batch: its watermark, the silent nodes, and the text
   * of {@link clicktide.stream.PartitionState} for the next owner, without the nodes that ended.
   */
  public record Reached(Instant watermark, Set<Long> silent, String state, EndedNodes ended) {}

  /**
   * The changes of the nodes that ended. {@code states}: by node, the text that the sink keeps in
   * place of an earlier one of the node. {@code forgotten}: the nodes whose text is deleted.
   */
  public record EndedNodes(Map<Long, String> states, Set<Long> forgotten) {
    /** No change, as in nearly every batch. */
    public static final EndedNodes NONE = new EndedNodes(Map.of(), Set.of());
  }
}
