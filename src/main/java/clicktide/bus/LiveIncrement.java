package clicktide.bus;

import clicktide.event.Minute;
import clicktide.event.OwnerId;
import java.time.Instant;
import java.util.List;

/**
 * The increments of one batch in the hot hour: the consumer positions [from, to) of a partition
 * were added to this incarnation of the live store. {@code watermark} is that of the store.
 */
public record LiveIncrement(
    String incarnation,
    int partition,
    long from,
    long to,
    Instant watermark,
    List<Increment> increments) {

  /** The number of new clicks in a minute of a link, human and bot. */
  public record Increment(long link, OwnerId owner, Minute minute, long clicks) {}
}
