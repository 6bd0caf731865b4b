package clicktide.event;

import java.time.Instant;

/**
 * Clicks that were answered and could not be kept (A4): so many of a link in a minute, as a lane of
 * a node has counted them so far. The count only rises, so the largest that was heard is true,
 * however often and in whatever order they arrive. {@code link} 0 stands for several links of the
 * owner, {@code owner} 0 for several owners.
 */
public record ClicksShed(
    long node, int boot, int lane, long link, OwnerId owner, Minute minute, long clicks)
    implements Event {
  @Override
  public Instant at() {
    return minute.start();
  }

  /** Its partition among {@code partitions}: the same for every report of the same lane. */
  public int partition(int partitions) {
    return new Identity.Own(node, boot, lane, 0).partition(partitions);
  }
}
