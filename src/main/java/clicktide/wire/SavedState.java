package clicktide.wire;

import clicktide.event.UnknownFields;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The saved form of {@link clicktide.stream.PartitionState}: message {@code PartitionState} of
 * {@code partition_state.proto}. {@code isWhole}: the partition was read from its very first
 * record. {@code firstBoots}: by node, the first boot with clicks that may still be sent.
 */
public record SavedState(
    boolean isWhole,
    Optional<BrokerClock> clock,
    List<SavedNode> nodes,
    Map<Long, Integer> firstBoots,
    List<SavedLane> lanes,
    UnknownFields unknown) {

  /** The broker's times of the first and the newest record, and the highest watermark so far. */
  public record BrokerClock(Instant first, Instant newest, Instant watermark) {}

  /**
   * The newest heartbeat of a node: when the broker logged it, when the node sent it by its clock
   * without any correction, and the node's oldest open click.
   */
  public record SavedNode(
      long node,
      int boot,
      Instant loggedAt,
      Instant sentAt,
      Instant oldest,
      UnknownFields unknown) {}

  /** The ranges of sequence numbers that were read of an event loop of one boot of a node. */
  public record SavedLane(
      long node, int boot, int number, List<SequenceRange> ranges, UnknownFields unknown) {}

  /** The numbers [from, to). */
  public record SequenceRange(long from, long to) {}
}
