package clicktide.query;

import clicktide.bus.LiveIncrement;
import clicktide.event.OwnerId;

/** The target of a live subscription: one link, or all links of an owner. */
sealed interface Watched {
  /** Returns true if an increment belongs to the target. */
  boolean covers(LiveIncrement.Increment increment);

  record WatchedLink(long id, String code) implements Watched {
    @Override
    public boolean covers(LiveIncrement.Increment increment) {
      return increment.link() == id;
    }
  }

  record WatchedOwner(OwnerId owner) implements Watched {
    @Override
    public boolean covers(LiveIncrement.Increment increment) {
      return increment.owner().equals(owner);
    }
  }
}
