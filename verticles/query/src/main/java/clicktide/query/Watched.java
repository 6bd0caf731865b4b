package clicktide.query;

import clicktide.bus.LiveIncrement;
import clicktide.event.OwnerId;

/** What somebody watches: one link, or all links of an owner. */
sealed interface Watched {
  /** Whether an increment belongs to it. */
  boolean covers(LiveIncrement.Increment increment);

  record OneLink(long id, String code) implements Watched {
    @Override
    public boolean covers(LiveIncrement.Increment increment) {
      return increment.link() == id;
    }
  }

  record AllOf(OwnerId owner) implements Watched {
    @Override
    public boolean covers(LiveIncrement.Increment increment) {
      return increment.owner().equals(owner);
    }
  }
}
