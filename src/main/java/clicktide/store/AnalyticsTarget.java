package clicktide.store;

import clicktide.event.OwnerId;

/** Whose events a question is about. */
public sealed interface AnalyticsTarget {
  /** Of one link, and under whom they are counted. */
  record Link(long id, OwnerId owner) implements AnalyticsTarget {
    public static Link of(clicktide.link.Link link) {
      return new Link(link.id(), link.countedFor());
    }
  }

  /** Of all links of an owner. */
  record Owner(OwnerId owner) implements AnalyticsTarget {}

  OwnerId owner();
}
