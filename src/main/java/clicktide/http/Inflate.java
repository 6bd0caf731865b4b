package clicktide.http;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Locale;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Decompression of gzip bodies (RFC 1952) with bounds on size and ratio. A body is one whole member
 * without anything after it. The HTTP server would answer a truncated body with 200, and the
 * platform's stream ignores bytes after the end.
 */
final class Inflate {
  private static final int MAX_SIZE = 4 << 20;
  private static final int MAX_RATIO = 100;
  private static final int SMALL = 64 << 10; // up to this size the ratio is not limited
  private static final int TRAILER = 8;
  private static final int MAX_HEADER = 1 << 10; // a name, a comment and extra fields, if any

  private Inflate() {}

  static byte[] body(byte[] body, String coding) {
    return switch (coding.strip().toLowerCase(Locale.ROOT)) {
      case "identity" -> body;
      case "gzip", "x-gzip" -> gunzip(body);
      default ->
          throw Problem.unsupported(
                  "unknown_coding", "`Content-Encoding` must be `gzip` or `identity`.")
              .raised();
    };
  }

  private static byte[] gunzip(byte[] body) {
    var start = endOfHeader(body);
    if (start > MAX_HEADER) {
      throw malformed("has a header of more than %d bytes".formatted(MAX_HEADER));
    }
    var compressed = (long) body.length - start - TRAILER;
    var largest = (int) Math.min(MAX_SIZE, Math.max(SMALL, compressed * MAX_RATIO));
    try (var inflater = new Inflater(true)) {
      inflater.setInput(body, start, body.length - start);
      var out = new ByteArrayOutputStream(Math.min(largest, body.length * 4));
      var block = new byte[8_192];
      while (!inflater.finished()) {
        var count = inflater.inflate(block);
        if (count == 0 && (inflater.needsInput() || inflater.needsDictionary())) {
          throw malformed("is truncated");
        }
        if (out.size() + count > largest) {
          throw Problem.tooLarge(
                  "The body cannot exceed %d bytes when decompressed.".formatted(largest))
              .raised();
        }
        out.write(block, 0, count);
      }
      requireTrailer(body, body.length - inflater.getRemaining(), out.toByteArray());
      return out.toByteArray();
    } catch (DataFormatException _) {
      throw malformed("is damaged");
    }
  }

  /** Skips the optional extra field, name, comment and checksum. */
  private static int endOfHeader(byte[] body) {
    if (body.length < 10 || body[0] != 0x1f || (body[1] & 0xff) != 0x8b || body[2] != 8) {
      throw malformed("is not gzip");
    }
    var flags = body[3];
    var at = 10;
    if ((flags & 4) != 0 && at + 2 <= body.length) {
      at += 2 + (body[at] & 0xff) + ((body[at + 1] & 0xff) << 8);
    }
    at = (flags & 8) != 0 ? afterZero(body, at) : at;
    at = (flags & 16) != 0 ? afterZero(body, at) : at;
    at += (flags & 2) != 0 ? 2 : 0;
    if (at > body.length) {
      throw malformed("is truncated");
    }
    return at;
  }

  private static int afterZero(byte[] body, int from) {
    var at = from;
    while (at < body.length && body[at] != 0) {
      at++;
    }
    return at + 1;
  }

  private static void requireTrailer(byte[] body, int at, byte[] content) {
    if (body.length - at < TRAILER) {
      throw malformed("is truncated");
    }
    if (body.length - at > TRAILER) {
      throw malformed("has bytes after its end");
    }
    var trailer = ByteBuffer.wrap(body, at, TRAILER).order(ByteOrder.LITTLE_ENDIAN);
    var checksum = new CRC32();
    checksum.update(content);
    if (trailer.getInt() != (int) checksum.getValue() || trailer.getInt() != content.length) {
      throw malformed("is damaged");
    }
  }

  private static Problem.Raised malformed(String what) {
    return Problem.malformed("malformed_gzip", "The compressed body %s.".formatted(what)).raised();
  }
}
