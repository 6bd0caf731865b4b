package clicktide.event;

import java.util.Locale;

/**
 * What the log brought and nobody could count (B4, G10): why, where it stood, and its bytes as they
 * were. {@code index} is the click's position in its record, -1 for the record as a whole. For any
 * thread.
 */
public final class DeadLetter {
  private final Reason reason;
  private final LogPosition position;
  private final byte[] bytes;

  /** Where it stood in the log. */
  public record LogPosition(String topicId, int partition, long offset, int index) {
    /** The same for the same letter, however often it is written. */
    public String key() {
      return "%s:%d:%d:%d".formatted(topicId, partition, offset, index);
    }
  }

  /** Why it could not be counted. */
  public enum Reason {
    /** The record is not an envelope. */
    UNDECODABLE,
    /** The envelope is of a version that this one does not know. */
    UNKNOWN_SCHEMA,
    /** The click is not one, or says what cannot be. */
    MALFORMED,
    /** Its collector's id came before, with another content (G5). */
    ID_CONFLICT,
    /** Counting it failed again and again, for a reason that lies in it. */
    FAILED;

    public String key() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public DeadLetter(Reason reason, LogPosition position, byte[] bytes) {
    this.reason = reason;
    this.position = position;
    this.bytes = bytes;
  }

  public Reason reason() {
    return reason;
  }

  public LogPosition position() {
    return position;
  }

  /** A whole record; a single click stands in an envelope of its own. Not a copy. */
  public byte[] bytes() {
    return bytes;
  }
}
