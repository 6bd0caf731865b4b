package clicktide.wire;

import clicktide.event.Identity;
import clicktide.event.LinkClick;

/**
 * A click in its wire form. The log keeps the bytes that the redirect wrote: no step in between
 * decodes them. The array is not copied and must not be changed.
 */
public final class EncodedEvent {
  private final byte[] bytes;

  private EncodedEvent(byte[] bytes) {
    this.bytes = bytes;
  }

  public static EncodedEvent of(LinkClick click) {
    return new EncodedEvent(LinkClickCodec.encode(click));
  }

  public static EncodedEvent of(byte[] bytes) {
    return new EncodedEvent(bytes);
  }

  public byte[] bytes() {
    return bytes;
  }

  /** Returns the number of bytes. */
  public int length() {
    return bytes.length;
  }

  /** Returns the identity without decoding the rest. Throws like {@link #decode}. */
  public Identity identity() {
    return LinkClickCodec.identity(bytes);
  }

  /** Decodes the click. Throws {@link IllegalArgumentException} if the bytes are none. */
  public LinkClick decode() {
    return decode(TextSource.NEW);
  }

  /** Decodes the click with texts of a source. Throws like {@link #decode()}. */
  public LinkClick decode(TextSource texts) {
    return LinkClickCodec.decode(bytes, texts);
  }
}
