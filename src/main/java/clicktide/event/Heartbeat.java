package clicktide.event;

import java.time.Instant;
import java.util.List;

/**
 * The report of a node about itself in every record. {@code oldest} is the time of its oldest click
 * that the log has not acknowledged, or the time of sending if there is none. {@code acknowledged}
 * has one sequence number for each lane of this boot: the log acknowledged all lower ones before
 * the record was sent. Clicks of boots before {@code firstBoot} will not be sent again. {@code
 * previous} are the nodes of earlier starts on the same data folder: {@code oldest} covers the
 * clicks that they left. A node that is {@code leaving} has no open click and sends nothing more.
 */
public record Heartbeat(
    long node,
    int boot,
    int firstBoot,
    Instant oldest,
    List<Long> acknowledged,
    List<Long> previous,
    boolean leaving) {

  /** The heartbeat of a record that no node sent, such as a repaired dead letter. */
  public static final Heartbeat NONE =
      new Heartbeat(0, 0, 0, Instant.EPOCH, List.of(), List.of(), true);
}
