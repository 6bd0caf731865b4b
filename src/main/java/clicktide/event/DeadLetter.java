package clicktide.event;

import java.util.Locale;

/**
 * An event or a record of the log that cannot be counted (B4, G10), with its reason, its position
 * and its original bytes. For any thread.
 */
public final class DeadLetter {
  private final Reason reason;
  private final LogPosition position;
  private final byte[] bytes;

  /**
   * A position in the log. {@code index} is the number of the event in its record, -1 for the whole
   * record.
   */
  public record LogPosition(String topicId, int partition, long offset, int index) {
    /** Returns a key that is the same whenever the same letter is written. */
    public String key() {
      return "%s:%d:%d:%d".formatted(topicId, partition, offset, index);
    }
  }

  /** The reason why an event cannot be counted. */
  public enum Reason {
    /** The record is not an envelope. */
    UNDECODABLE,
    /** The envelope or the event is of a newer version. */
    UNKNOWN_SCHEMA,
    /** The event cannot be decoded or has impossible values. */
    MALFORMED,
    /** The id of the collected event came before with another content (G5). */
    ID_CONFLICT,
    /** Enrichment failed several times because of the click itself. */
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

  /** Returns a whole record; a single event has an envelope of its own. Not a copy. */
  public byte[] bytes() {
    return bytes;
  }
}
