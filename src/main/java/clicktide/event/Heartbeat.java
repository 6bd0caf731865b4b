package clicktide.event;

import java.time.Instant;
import java.util.List;

/**
 * What a node says of itself in every record: its oldest click that the log has not acknowledged
 * (its own time of sending if there is none), and for each lane of this boot its acknowledged
 * sequence number: all clicks below it were acknowledged by the log before this was sent. Clicks of
 * boots before {@code firstBoot} will not be sent again. A node that is {@code leaving} has no open
 * click and will be silent.
 */
public record Heartbeat(
    long node, int boot, int firstBoot, Instant oldest, List<Long> acknowledged, boolean leaving) {

  /** Of a record that no node sent, but for instance somebody who mends. */
  public static final Heartbeat NONE = new Heartbeat(0, 0, 0, Instant.EPOCH, List.of(), true);
}
