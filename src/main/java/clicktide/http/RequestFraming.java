package clicktide.http;

import io.netty.buffer.ByteBuf;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The framing of the requests of one connection (RFC 9112): where each header, body and chunk ends.
 * Refuses folded header lines, and framing that two readers could understand differently. Its
 * answer and the framing of the server's decoder are the same for everything that it accepts. For
 * one thread.
 */
final class RequestFraming {
  private static final int LONGEST_KEPT = 64;
  private static final int BLANKS = 2; // of a request line (RFC 9112, section 3)
  private static final Pattern LENGTH = Pattern.compile("content-length:[ \\t]*([0-9]{1,18})");
  private static final Pattern CODING = Pattern.compile("transfer-encoding:[ \\t]*chunked");
  private static final Pattern CHUNK_SIZE = // the decoder takes 31 bits
      Pattern.compile("([0-7]?[0-9A-Fa-f]{1,7})(;.*)?");

  private final StringBuilder line = new StringBuilder(LONGEST_KEPT);
  private Section section = Section.REQUEST_LINE;
  private boolean atLineStart = true;
  private boolean inHeader;
  private boolean hasLength;
  private boolean chunked;
  private int blanks;
  private long left;
  private long completeHeaders;

  private enum Section {
    REQUEST_LINE,
    HEADERS,
    BODY,
    CHUNK_SIZE,
    CHUNK,
    TRAILERS
  }

  /** The result for the bytes of one read. */
  enum Framing {
    ACCEPTED,
    /** A folded line, a length, a chunk size or a header that readers understand differently. */
    MALFORMED,
    /** A transfer coding other than {@code chunked}. */
    UNKNOWN_CODING
  }

  /** Follows the readable bytes, which stay readable. After a refusal it must not be called. */
  Framing read(ByteBuf bytes) {
    var at = bytes.readerIndex();
    var end = bytes.writerIndex();
    while (at < end) {
      if (section == Section.BODY || section == Section.CHUNK) {
        at += skip(end - at);
        continue;
      }
      if (isFolded(bytes.getByte(at))) {
        return Framing.MALFORMED;
      }
      var feed = bytes.indexOf(at, end, (byte) '\n');
      if (section == Section.REQUEST_LINE) {
        inHeader = true;
        countBlanks(bytes, at, feed < 0 ? end : feed);
      }
      keep(bytes, at, feed < 0 ? end : feed);
      atLineStart = feed >= 0;
      at = feed < 0 ? end : feed + 1;
      if (atLineStart) {
        var verdict = endOfLine(line.toString().stripTrailing());
        line.setLength(0);
        if (verdict != Framing.ACCEPTED) {
          return verdict;
        }
      }
    }
    return Framing.ACCEPTED;
  }

  /** Returns true while a part of a request's header has been read, but not its end. */
  boolean isInHeader() {
    return inHeader;
  }

  /** Returns true before the first byte of a request, and after the last byte of one. */
  boolean isBetweenRequests() {
    return section == Section.REQUEST_LINE && !inHeader;
  }

  /** Returns the number of headers that were read to their end. */
  long completeHeaders() {
    return completeHeaders;
  }

  private int skip(int available) {
    var skipped = (int) Math.min(left, available);
    left -= skipped;
    if (left == 0) {
      section = section == Section.BODY ? Section.REQUEST_LINE : Section.CHUNK_SIZE;
    }
    return skipped;
  }

  private boolean isFolded(byte first) {
    return atLineStart
        && (section == Section.HEADERS || section == Section.TRAILERS)
        && (first == ' ' || first == '\t');
  }

  private void keep(ByteBuf bytes, int from, int to) {
    for (var i = from; i < to && line.length() < LONGEST_KEPT; i++) {
      line.append((char) (bytes.getByte(i) & 0xff));
    }
  }

  /** Counts the blanks of a request line. A control character counts as too many. */
  private void countBlanks(ByteBuf bytes, int from, int to) {
    for (var i = from; i < to; i++) {
      var character = bytes.getByte(i);
      if (character == ' ') {
        blanks++;
      } else if (character >= 0 && character < ' ' && character != '\r') {
        blanks += BLANKS + 1;
      }
    }
  }

  private Framing endOfLine(String text) {
    return switch (section) {
      case REQUEST_LINE -> requestLine(text);
      case HEADERS -> text.isEmpty() ? endOfHeader() : header(text.toLowerCase(Locale.ROOT));
      case CHUNK_SIZE -> chunk(text);
      case TRAILERS -> next(text.isEmpty() ? Section.REQUEST_LINE : Section.TRAILERS);
      case BODY, CHUNK -> throw new IllegalStateException("a body has no lines");
    };
  }

  private Framing next(Section following) {
    section = following;
    return Framing.ACCEPTED;
  }

  private Framing requestLine(String text) {
    var isSound = blanks == (text.isEmpty() ? 0 : BLANKS); // text is only the start of the line
    blanks = 0;
    section = text.isEmpty() ? Section.REQUEST_LINE : Section.HEADERS;
    return isSound ? Framing.ACCEPTED : Framing.MALFORMED;
  }

  private Framing endOfHeader() {
    section = chunked ? Section.CHUNK_SIZE : left > 0 ? Section.BODY : Section.REQUEST_LINE;
    inHeader = false;
    hasLength = false;
    chunked = false;
    completeHeaders++;
    return Framing.ACCEPTED;
  }

  /**
   * Names are compared whole. A look-alike of a framing header ({@code Transfer-Encoding-X}) is
   * refused, and so are the keys of Hixie-76: the decoder takes eight bytes after them as a body.
   * An empty name is refused as well.
   */
  private Framing header(String text) {
    if (text.startsWith("content-length")) {
      var length = LENGTH.matcher(text);
      if (!length.matches() || hasLength || chunked) {
        return Framing.MALFORMED;
      }
      hasLength = true;
      left = Long.parseLong(length.group(1));
    } else if (text.startsWith("transfer-encoding")) {
      return coding(text);
    } else if (text.startsWith("sec-websocket-key") && !text.startsWith("sec-websocket-key:")
        || text.startsWith(":")) {
      return Framing.MALFORMED;
    }
    return Framing.ACCEPTED;
  }

  private Framing coding(String text) {
    if (!text.startsWith("transfer-encoding:") || hasLength) {
      return Framing.MALFORMED;
    }
    if (!CODING.matcher(text).matches() || chunked) {
      return Framing.UNKNOWN_CODING;
    }
    chunked = true;
    return Framing.ACCEPTED;
  }

  private Framing chunk(String text) {
    var size = CHUNK_SIZE.matcher(text);
    if (!size.matches()) {
      return Framing.MALFORMED;
    }
    left = Long.parseLong(size.group(1), 16);
    section = left > 0 ? Section.CHUNK : Section.TRAILERS;
    left += left > 0 ? 2 : 0; // the line end after the chunk
    return Framing.ACCEPTED;
  }
}
