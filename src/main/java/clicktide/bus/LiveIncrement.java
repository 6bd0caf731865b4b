package clicktide.bus;

import clicktide.event.Minute;
import clicktide.event.OwnerId;
import java.time.Instant;
import java.util.List;

/**
 * The consumer positions [from, to) of a partition were added to the hot hour of this incarnation,
 * which is fresh through an instant; these are the increments, all traffic.
 */
public record LiveIncrement(
    String incarnation,
    int partition,
    long from,
    long to,
    Instant watermark,
    List<Increment> increments) {

  /** So many more clicks in a minute of a link. */
  public record Increment(long link, OwnerId owner, Minute minute, long clicks) {}
}
