package clicktide.store;

import clicktide.count.Outcome;
import clicktide.enrich.EnrichedClick;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** The outcomes of the events of one partition between two consumer positions [from, to). */
public record Batch(
    int partition,
    FencingToken token,
    long from,
    long to,
    List<Outcome> outcomes,
    Reached reached) {

  /** Returns the clicks that count, in the order of the log. */
  public Stream<EnrichedClick> counted() {
    return outcomes.stream()
        .filter(Outcome.Counted.class::isInstance)
        .map(counted -> ((Outcome.Counted) counted).click());
  }

  /** The right to write a partition: it names the incarnation of the sink and the epoch. */
  public record FencingToken(String incarnation, long epoch) {}

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
