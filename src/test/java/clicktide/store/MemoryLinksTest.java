package clicktide.store;

import clicktide.count.TestClicks;
import clicktide.event.OwnerId;

class MemoryLinksTest extends LinksContract {
  private final Links links = new MemoryLinks();

  @Override
  protected Links links() {
    return links;
  }

  @Override
  protected OwnerId owner() {
    return TestClicks.OWNER;
  }
}
