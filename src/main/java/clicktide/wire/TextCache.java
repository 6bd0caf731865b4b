package clicktide.wire;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.util.Arrays;

/**
 * Texts by their UTF-8 bytes, so that a usual text is made once. A text has one place, and a newer
 * one with the same place replaces it: hostile variety costs neither memory nor search. Not for
 * several threads.
 */
public final class TextCache {
  private static final int LONGEST = 512; // bytes
  private static final long MULTIPLIER = 0x9e3779b97f4a7c15L; // 2^64 divided by the golden ratio

  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private final byte[][] bytes;
  private final String[] texts;

  /** {@code places} is a power of two. */
  public TextCache(int places) {
    bytes = new byte[places][];
    texts = new String[places];
  }

  /** Returns the text of a range. Throws if the range is no UTF-8. */
  String text(byte[] from, int offset, int length) throws CharacterCodingException {
    if (length == 0) {
      return "";
    }
    if (length > LONGEST) {
      return TextSource.decode(from, offset, length);
    }
    var place = place(from, offset, length);
    var known = bytes[place];
    if (known != null && Arrays.equals(known, 0, known.length, from, offset, offset + length)) {
      return texts[place];
    }
    var text = TextSource.decode(from, offset, length);
    bytes[place] = Arrays.copyOfRange(from, offset, offset + length);
    texts[place] = text;
    return text;
  }

  /** Returns the text of a range of ASCII. */
  public String ascii(byte[] from, int offset, int length) {
    try {
      return text(from, offset, length);
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("not ASCII", e);
    }
  }

  private int place(byte[] from, int offset, int length) {
    var hash = length * MULTIPLIER;
    var at = offset;
    for (var end = offset + length - Long.BYTES; at <= end; at += Long.BYTES) {
      hash = Long.rotateLeft(hash ^ (long) LONG.get(from, at), 29) * MULTIPLIER;
    }
    for (var end = offset + length; at < end; at++) {
      hash = Long.rotateLeft(hash ^ from[at], 29) * MULTIPLIER;
    }
    return (int) (hash >>> Integer.SIZE) & (texts.length - 1);
  }
}
