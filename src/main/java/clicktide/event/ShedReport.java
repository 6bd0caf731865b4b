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

  /** Returns one identity for every report of a lane, so that all of them are in one partition. */
  @Override
  public Identity identity() {
    return new Identity.Own(node, boot, lane, 0);
  }
}
