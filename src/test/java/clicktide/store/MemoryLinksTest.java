package clicktide.store;

import clicktide.count.TestClicks;
import clicktide.event.OwnerId;

class MemoryLinksTest extends LinksContract {
  private final MemoryLinks links = new MemoryLinks();

  @Override
  protected Links links() {
    return links;
  }

  @Override
  protected Links links(int quota) {
    links.limit(quota);
    return links;
  }

  @Override
  protected OwnerId owner() {
    return TestClicks.OWNER;
  }
}
