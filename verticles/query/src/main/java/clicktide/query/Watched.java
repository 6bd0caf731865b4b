package clicktide.query;

import clicktide.bus.LiveIncrement;
import clicktide.event.OwnerId;
import clicktide.store.AnalyticsTarget;

/** The target of a live subscription: one link, or all links of an owner. */
sealed interface Watched {
  /** Returns true if an increment belongs to the target. */
  boolean covers(LiveIncrement.Increment increment);

  record WatchedLink(AnalyticsTarget.LinkTarget target, String code) implements Watched {
    @Override
    public boolean covers(LiveIncrement.Increment increment) {
      return increment.link() == target.id() && increment.owner().equals(target.owner());
    }
  }

  record WatchedOwner(OwnerId owner) implements Watched {
    @Override
    public boolean covers(LiveIncrement.Increment increment) {
      return increment.owner().equals(owner);
    }
  }
}
