package clicktide.http;

import clicktide.event.OwnerId;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/**
 * A bound on the concurrent work of each owner. More work waits, up to the concurrent calls of an
 * owner. For any virtual thread.
 */
public final class OwnerPermits {
  private final LoadingCache<OwnerId, Semaphore> permits;

  /** {@code most} calls of {@link #run} work at a time for each owner. */
  public OwnerPermits(int most) {
    permits = Caffeine.newBuilder().weakValues().build(_ -> new Semaphore(most));
  }

  /** Waits for a permit of the owner, then works. */
  public <T> T run(OwnerId owner, Supplier<T> work) {
    var permit = permits.get(owner);
    permit.acquireUninterruptibly();
    try {
      return work.get();
    } finally {
      permit.release();
    }
  }
}
