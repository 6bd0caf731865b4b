package clicktide.count;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/**
 * The bytes that one thread allocates for an event. Unlike time, they do not depend on other
 * programs of the host, so a build can assert them.
 */
public final class AllocatedBytes {
  private static final int ROUNDS = 3;
  private static final ThreadMXBean THREADS =
      ManagementFactory.getPlatformMXBean(ThreadMXBean.class);

  private AllocatedBytes() {}

  /** One pass over the same events. */
  public interface Round {
    void run() throws Exception;
  }

  /** Measures a round in the calling thread. */
  public static double perEvent(long events, Round round) throws Exception {
    return perEvent(Thread.currentThread().threadId(), events, round);
  }

  /**
   * Measures a round that the thread with this id serves. The first round fills caches and loads
   * classes, so it is not measured. The result is the smallest of the other rounds, because timers
   * and resized buffers only add to it.
   */
  public static double perEvent(long thread, long events, Round round) throws Exception {
    round.run();
    var smallest = Long.MAX_VALUE;
    for (var i = 0; i < ROUNDS; i++) {
      var before = THREADS.getThreadAllocatedBytes(thread);
      round.run();
      smallest = Math.min(smallest, THREADS.getThreadAllocatedBytes(thread) - before);
    }
    return (double) smallest / events;
  }
}
