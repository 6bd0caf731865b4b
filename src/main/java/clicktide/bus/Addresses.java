package clicktide.bus;

import clicktide.link.Link;

/** Everything that travels on the bus. It may be lost: whoever needs it asks for it again. */
public final class Addresses {
  /** redirect to ingest: the journal of this lane has clicks. */
  public static final Address<Integer> JOURNAL_READY = new Address<>("hits", Integer.class);

  /** redis to query: a batch was applied to the hot hour. */
  public static final Address<LiveIncrement> COUNTED =
      new Address<>("counted", LiveIncrement.class);

  /** management to redirect: a link was made or changed here. */
  public static final Address<Link> LINKS_CHANGED = new Address<>("links.changed", Link.class);

  private Addresses() {}
}
