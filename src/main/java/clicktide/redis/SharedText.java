package clicktide.redis;

import clicktide.event.Sha256;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * A text that newest clicks refer to by its id: an unusual code, or values of a click. The id is
 * the first 64 bits of the SHA-256 of the text, so all processes give a text the same id. {@code
 * digits} is the id as entries have it.
 */
record SharedText(long id, String digits, String text) {
  static SharedText of(String text) {
    var id = ByteBuffer.wrap(Sha256.of(text.getBytes(StandardCharsets.UTF_8))).getLong();
    return new SharedText(id, ClickEntry.digits(id, ClickEntry.ID_DIGITS), text);
  }
}
