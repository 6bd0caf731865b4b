package clicktide.aggregation.kafka;

import clicktide.time.TimeSource;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The link between the pass and one follower: messages one way, in order, and positions the other
 * way. It holds a bounded number of clicks. A follower that takes nothing for {@code patience}
 * misses blocks and reads them alone, so that it does not stop the others. For two threads.
 */
final class PassLink {
  private final int capacity;
  private final long patience; // ns
  private final TimeSource time;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Deque<Message> messages = new ArrayDeque<>();
  private final Map<Integer, Long> applied = new ConcurrentHashMap<>(); // by partition
  private int clicks;
  private long taken;
  private boolean isLagging;

  /** A message to the follower. */
  sealed interface Message {
    /** The records that were read next, and the number of their clicks. */
    record Read(List<RecordBlock> blocks, int clicks) implements Message {}

    /** Blocks that the follower did not get: by partition, the position after them. */
    record Missed(Map<Integer, Long> ends) implements Message {}

    /** Partitions that this process owns from now on. */
    record Assigned(Set<Integer> partitions) implements Message {}

    /**
     * Partitions that this process no longer owns. Unless they are lost to another owner, the
     * follower applies what it holds of them. {@code done} is counted down after that.
     */
    record Released(Set<Integer> partitions, boolean isLost, CountDownLatch done)
        implements Message {}
  }

  PassLink(int capacity, Duration patience, TimeSource time) {
    this.capacity = capacity;
    this.patience = patience.toNanos();
    this.time = time;
    taken = time.nanos();
  }

  /** Hands over what was read next. Waits for room unless the follower lags or stands still. */
  void offer(List<RecordBlock> blocks) throws InterruptedException {
    lock.lock();
    try {
      while (clicks >= capacity && !isLagging) {
        var left = patience - (time.nanos() - taken);
        if (left <= 0) {
          break;
        }
        changed.awaitNanos(left);
      }
      if (clicks >= capacity) {
        miss(blocks);
      } else {
        var size = blocks.stream().mapToInt(RecordBlock::size).sum();
        messages.add(new Message.Read(blocks, size));
        clicks += size;
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void miss(List<RecordBlock> blocks) {
    var ends = new HashMap<Integer, Long>();
    if (messages.peekLast() instanceof Message.Missed before) {
      ends.putAll(before.ends());
      messages.removeLast();
    }
    blocks.forEach(block -> ends.put(block.partition(), block.to()));
    messages.add(new Message.Missed(ends));
  }

  /** Adds a message for which there is always room. */
  void post(Message message) {
    lock.lock();
    try {
      messages.add(message);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Takes the next message, for which it waits at most the given nanoseconds. */
  Optional<Message> take(long nanos) throws InterruptedException {
    lock.lock();
    try {
      taken = time.nanos();
      for (var left = nanos; messages.isEmpty() && left > 0; ) {
        left = changed.awaitNanos(left);
      }
      taken = time.nanos();
      var message = Optional.ofNullable(messages.poll());
      if (message.isPresent() && message.get() instanceof Message.Read read) {
        clicks -= read.clicks();
        changed.signalAll();
      }
      return message;
    } finally {
      lock.unlock();
    }
  }

  /** States whether the follower reads alone, so that the pass does not wait for it. */
  void lagging(boolean isLagging) {
    lock.lock();
    try {
      this.isLagging = isLagging;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Returns the position of the sink in a partition; empty before it has taken it over. */
  Optional<Long> applied(int partition) {
    return Optional.ofNullable(applied.get(partition));
  }

  /** Notes the position of the sink in a partition. */
  void applied(int partition, long position) {
    applied.put(partition, position);
  }

  /** Notes that the sink has no position in these partitions now. */
  void forget(Set<Integer> partitions) {
    applied.keySet().removeAll(partitions);
  }
}
