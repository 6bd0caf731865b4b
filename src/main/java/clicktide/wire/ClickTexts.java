package clicktide.wire;

import java.nio.charset.CharacterCodingException;

/**
 * A source of texts that remembers usual ones. Fields with many values have a cache of their own,
 * and the id of a request is never seen twice. At most some 30 MB. Not for several threads.
 */
public final class ClickTexts implements TextSource {
  private static final int VALUES = 1 << 14;
  private static final int CODES = 1 << 15;
  private static final int ADDRESSES = 1 << 17;

  private final TextCache values = new TextCache(VALUES);
  private final TextCache codes = new TextCache(CODES);
  private final TextCache addresses = new TextCache(ADDRESSES);

  @Override
  public String text(int field, byte[] from, int offset, int length)
      throws CharacterCodingException {
    return switch (field) {
      case LinkClickCodec.CODE -> codes.text(from, offset, length);
      case LinkClickCodec.ADDRESS -> addresses.text(from, offset, length);
      case LinkClickCodec.REQUEST_ID -> NEW.text(field, from, offset, length);
      default -> values.text(from, offset, length);
    };
  }
}
