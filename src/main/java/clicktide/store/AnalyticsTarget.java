package clicktide.store;

import clicktide.event.OwnerId;
import clicktide.link.Link;

/** The link or the owner whose events are read. */
public sealed interface AnalyticsTarget {
  /** One link, and the owner for whom its events are counted. */
  record LinkTarget(long id, OwnerId owner) implements AnalyticsTarget {
    public static LinkTarget of(Link link) {
      return new LinkTarget(link.id(), link.countedFor());
    }
  }

  /** All links of an owner. */
  record OwnerTarget(OwnerId owner) implements AnalyticsTarget {}

  OwnerId owner();
}
