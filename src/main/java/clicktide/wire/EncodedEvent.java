package clicktide.wire;

import clicktide.event.Event;
import clicktide.event.Identity;
import clicktide.event.LinkClick;
import clicktide.event.ShedReport;
import clicktide.event.Verdict;
import java.io.IOException;
import java.time.DateTimeException;

/**
 * An event in its wire form. Its kind is the number of its field in {@code Envelope}. The log keeps
 * the bytes of a click that the redirect wrote: no step in between decodes them. The array is not
 * copied and must not be changed.
 */
public final class EncodedEvent {
  static final int LINK_CLICK = 5;
  static final int SHED_REPORT = 6;
  static final int VERDICT = 12;

  /** The first and the last field that are reserved for kinds of later versions. */
  private static final int FIRST_LATER = 32;

  private static final int LAST_LATER = 63;

  private final int kind;
  private final byte[] bytes;

  private EncodedEvent(int kind, byte[] bytes) {
    this.kind = kind;
    this.bytes = bytes;
  }

  /** Encodes an event. */
  public static EncodedEvent of(Event event) {
    return switch (event) {
      case LinkClick click -> ofLinkClick(LinkClickCodec.encode(click));
      case ShedReport report -> new EncodedEvent(SHED_REPORT, ShedReportCodec.encode(report));
      case Verdict verdict -> new EncodedEvent(VERDICT, VerdictCodec.encode(verdict));
    };
  }

  /** Returns the click of these bytes, which are not checked. */
  public static EncodedEvent ofLinkClick(byte[] bytes) {
    return new EncodedEvent(LINK_CLICK, bytes);
  }

  /** Returns the event of a field of an envelope. */
  static EncodedEvent ofField(int field, byte[] bytes) {
    return new EncodedEvent(field, bytes);
  }

  /** Returns true if a field of an envelope is an event, of this version or of a later one. */
  static boolean isEvent(int field) {
    return switch (field) {
      case LINK_CLICK, SHED_REPORT, VERDICT -> true;
      default -> FIRST_LATER <= field && field <= LAST_LATER;
    };
  }

  int kind() {
    return kind;
  }

  public byte[] bytes() {
    return bytes;
  }

  /**
   * Returns the bytes of a link click, for a store that does not keep the kind. Throws {@link
   * IllegalStateException} for another kind.
   */
  public byte[] linkClick() {
    if (kind != LINK_CLICK) {
      throw new IllegalStateException("not a link click, but kind " + kind);
    }
    return bytes;
  }

  /** Returns the number of bytes. */
  public int length() {
    return bytes.length;
  }

  /** Returns false for a kind that only a later version can decode. */
  public boolean isKnown() {
    return kind < FIRST_LATER;
  }

  /** Returns the identity without decoding the rest of a click. Throws like {@link #decode}. */
  public Identity identity() {
    return kind == LINK_CLICK ? LinkClickCodec.identity(bytes) : decode().identity();
  }

  /** Decodes the event. Throws {@link IllegalArgumentException} if this version cannot. */
  public Event decode() {
    return decode(TextSource.NEW);
  }

  /** Decodes the event with texts of a source. Throws like {@link #decode()}. */
  public Event decode(TextSource texts) {
    try {
      return switch (kind) {
        case LINK_CLICK -> LinkClickCodec.decode(bytes, texts);
        case SHED_REPORT -> ShedReportCodec.decode(bytes);
        case VERDICT -> VerdictCodec.decode(bytes, texts);
        default -> throw new IllegalArgumentException("an event of a later version");
      };
    } catch (IOException | DateTimeException e) {
      throw new IllegalArgumentException("not an event", e);
    }
  }
}
