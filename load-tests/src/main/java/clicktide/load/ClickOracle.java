package clicktide.load;

import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;

/** The clicks that the product must count. Several threads may add. */
final class ClickOracle {
  private final AtomicLongArray byLink;
  private final LongAdder sum = new LongAdder();
  private final LongAdder bots = new LongAdder();

  ClickOracle(int links) {
    byLink = new AtomicLongArray(links);
  }

  void redirected(LinkRequest request) {
    add(request.link, request.isBot);
  }

  void add(int link, boolean isBot) {
    byLink.incrementAndGet(link);
    sum.increment();
    if (isBot) {
      bots.increment();
    }
  }

  int links() {
    return byLink.length();
  }

  long of(int link) {
    return byLink.get(link);
  }

  long sum() {
    return sum.sum();
  }

  /** The clicks with the user agent of a bot. */
  long bots() {
    return bots.sum();
  }
}
