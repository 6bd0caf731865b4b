package clicktide.event;

import java.time.Instant;

/**
 * The number of clicks of a link in a minute that a lane of a node answered and could not keep
 * (A4). The number only rises, so the largest report is true, in any order and with any repeats.
 * {@code link} 0 stands for several links of the owner, {@code owner} 0 for several owners.
 */
public record ShedReport(
    long node, int boot, int lane, long link, OwnerId owner, Minute minute, long clicks)
    implements Event {
  @Override
  public Instant at() {
    return minute.start();
  }

  /** Returns the partition, which is the same for every report of the same lane. */
  public int partition(int partitions) {
    return new Identity.Own(node, boot, lane, 0).partition(partitions);
  }
}
