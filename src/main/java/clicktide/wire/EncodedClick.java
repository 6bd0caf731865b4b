package clicktide.wire;

import clicktide.event.Identity;
import clicktide.event.LinkClick;

/**
 * A click in its wire form. The bytes that a redirect writes are the bytes that the log keeps;
 * nobody in between takes them apart. The array is not copied and not to be changed.
 */
public final class EncodedClick {
  private final byte[] bytes;

  private EncodedClick(byte[] bytes) {
    this.bytes = bytes;
  }

  public static EncodedClick of(LinkClick click) {
    return new EncodedClick(LinkClickCodec.encode(click));
  }

  public static EncodedClick of(byte[] bytes) {
    return new EncodedClick(bytes);
  }

  public byte[] bytes() {
    return bytes;
  }

  /** How many bytes it has. */
  public int length() {
    return bytes.length;
  }

  /** Whose it is, without reading the rest; throws like {@link #decode}. */
  public Identity identity() {
    return LinkClickCodec.identity(bytes);
  }

  /** Throws {@link IllegalArgumentException} if the bytes are no click. */
  public LinkClick decode() {
    return LinkClickCodec.decode(bytes);
  }
}
