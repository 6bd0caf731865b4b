package clicktide.wire;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** A source of the texts of a click, by their field number and their UTF-8 bytes. */
public interface TextSource {
  /** A source that makes each text anew. */
  TextSource NEW = (_, from, offset, length) -> decode(from, offset, length);

  /** Returns the text of a range. Throws if the range is no UTF-8. */
  String text(int field, byte[] from, int offset, int length) throws CharacterCodingException;

  /** Makes the text of a range. Throws if the range is no UTF-8. */
  static String decode(byte[] from, int offset, int length) throws CharacterCodingException {
    var text = new String(from, offset, length, StandardCharsets.UTF_8);
    return text.indexOf('\ufffd') < 0 // the constructor replaces malformed bytes by this
        ? text
        : StandardCharsets.UTF_8
            .newDecoder()
            .decode(ByteBuffer.wrap(from, offset, length))
            .toString();
  }
}
