package clicktide.log;

import clicktide.event.LinkClick;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Where an event loop leaves its clicks before it answers, and where the forwarder finds them. One
 * thread appends, one thread reads; neither waits for the other.
 */
public interface Journal {
  /** Makes the click of a sequence number that the journal gives out, without holes from 0. */
  interface Draft {
    LinkClick numbered(long sequence);
  }

  /** Keeps the click, or says false when there is no room: then the click is shed. Never waits. */
  boolean append(Draft draft);

  /** The oldest clicks not yet acknowledged, at most {@code max}; the same until acknowledged. */
  List<LinkClick> read(int max);

  /** Lets go of the {@code count} oldest clicks: the log has them. */
  void acknowledge(int count);

  /** The event time of the oldest click not yet acknowledged. For any thread. */
  Optional<Instant> oldest();
}
