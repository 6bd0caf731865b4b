package clicktide.bus;

import clicktide.link.Link;

/**
 * All addresses of the bus. A message may be lost, so each receiver can also ask for its content.
 */
public final class Addresses {
  /** redirect to ingest: the journal of this lane has clicks. */
  public static final Address<Integer> JOURNAL_READY = new Address<>("hits", Integer.class);

  /** redis to query: a batch was applied to the hot hour. */
  public static final Address<LiveIncrement> LIVE_INCREMENTS =
      new Address<>("live.increments", LiveIncrement.class);

  /** redis to query: an increment could not be read. */
  public static final Address<LiveGap> LIVE_GAPS = new Address<>("live.gaps", LiveGap.class);

  /** management to redirect: a link was created or changed in this process. */
  public static final Address<Link> LINKS_CHANGED = new Address<>("links.changed", Link.class);

  private Addresses() {}
}
