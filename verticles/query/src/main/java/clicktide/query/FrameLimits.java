package clicktide.query;

import clicktide.time.TimeSource;
import java.time.Duration;
import java.util.OptionalInt;

/**
 * The limits of the client of one live socket (G18): frames that complete no message, the size of a
 * message, and the time without reading. Pure. For one thread.
 */
final class FrameLimits {
  /** RFC 6455, section 7.4.1. */
  static final short POLICY_VIOLATION = 1008;

  /** The server restarts, so the client may connect again (IANA registry of RFC 6455). */
  static final short SERVICE_RESTART = 1012;

  private static final short MESSAGE_TOO_BIG = 1009;
  private static final int MAX_MESSAGE_BYTES = 65_536;
  private static final int MAX_FRAMES = 100; // per window
  private static final long WINDOW = Duration.ofSeconds(10).toNanos();
  private static final long MAX_STALL = Duration.ofSeconds(10).toNanos();

  private final TimeSource time;
  private long windowStart;
  private int frames;
  private long messageBytes;
  private long readAt;

  FrameLimits(TimeSource time) {
    this.time = time;
    this.windowStart = time.nanos();
    this.readAt = windowStart;
  }

  /** Counts a ping or a pong, and returns the code to close the socket with, if any. */
  OptionalInt control() {
    if (time.nanos() - windowStart >= WINDOW) {
      windowStart = time.nanos();
      frames = 0;
    }
    return ++frames > MAX_FRAMES ? OptionalInt.of(POLICY_VIOLATION) : OptionalInt.empty();
  }

  /** Counts a frame of a message, and returns the code to close the socket with, if any. */
  OptionalInt part(int bytes, boolean isFinal) {
    messageBytes += bytes;
    if (messageBytes > MAX_MESSAGE_BYTES) {
      return OptionalInt.of(MESSAGE_TOO_BIG);
    }
    if (isFinal) {
      messageBytes = 0;
      return OptionalInt.empty();
    }
    return control();
  }

  /** Records that the write queue of the socket has room. */
  void read() {
    readAt = time.nanos();
  }

  /** Returns true if the write queue has had no room for 10 s. */
  boolean isStalled() {
    return time.nanos() - readAt >= MAX_STALL;
  }
}
