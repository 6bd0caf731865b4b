package clicktide.buffer;

import java.time.Instant;
import java.util.Optional;

/**
 * A consistent view of the spool after a change. {@code oldest} is a time that no click in it is
 * older than, empty if there is no click. {@code unreadable} counts clicks of damaged segments.
 */
record SpoolState(Optional<Instant> oldest, long bytes, long clicks, long unreadable) {
  static final SpoolState EMPTY = new SpoolState(Optional.empty(), 0, 0, 0);

  /** Returns true if the log has everything. */
  boolean isEmpty() {
    return oldest.isEmpty();
  }
}
