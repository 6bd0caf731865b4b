package clicktide.event;

import java.util.Arrays;

/**
 * Fields of a message that this version does not know, in their wire form. A message that is
 * written again keeps them, because a newer version may need them. Immutable.
 */
public final class UnknownFields {
  public static final UnknownFields NONE = new UnknownFields(new byte[0]);

  private final byte[] bytes;

  private UnknownFields(byte[] bytes) {
    this.bytes = bytes;
  }

  public static UnknownFields of(byte[] bytes) {
    return bytes.length == 0 ? NONE : new UnknownFields(bytes.clone());
  }

  /** Returns the encoded fields. The array is not a copy and must not be changed. */
  public byte[] bytes() {
    return bytes;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof UnknownFields unknown && Arrays.equals(bytes, unknown.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  /** Returns only the length, because the fields may hold personal data. */
  @Override
  public String toString() {
    return "%d bytes".formatted(bytes.length);
  }
}
