package clicktide.store;

import clicktide.event.OwnerId;

/** The link or the owner whose events are read. */
public sealed interface AnalyticsTarget {
  /** One link, and the owner for whom its events are counted. */
  record Link(long id, OwnerId owner) implements AnalyticsTarget {
    public static Link of(clicktide.link.Link link) {
      return new Link(link.id(), link.countedFor());
    }
  }

  /** All links of an owner. */
  record Owner(OwnerId owner) implements AnalyticsTarget {}

  OwnerId owner();
}
