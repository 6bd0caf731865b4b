package clicktide.http;

import java.util.Arrays;

/**
 * The headers of a {@link PlainRequest} as ranges of its bytes. Headers that frame a body or change
 * the protocol are not plain, nor are names that resemble them. For one thread.
 */
final class PlainHeaders {
  private static final int LENGTHS = 32;
  private static final boolean[] TOKEN = new boolean[128]; // RFC 9110, section 5.6.2
  private static final byte[] KEEP_ALIVE = PlainRequest.ascii("keep-alive");
  private static final byte[][] REFUSED = {
    PlainRequest.ascii("content-length"),
    PlainRequest.ascii("transfer-encoding"),
    PlainRequest.ascii("sec-websocket-"),
    PlainRequest.ascii("upgrade"),
    PlainRequest.ascii("expect")
  };

  static {
    for (var c = '!'; c < TOKEN.length - 1; c++) {
      TOKEN[c] = "\"(),/:;<=>?@[\\]{}".indexOf(c) < 0;
    }
  }

  private final byte[] bytes;
  private final HeaderValue[][] byLength = new HeaderValue[LENGTHS][0];
  private final HeaderValue forwarded;
  private final HeaderValue connection;
  private int request; // the number of the request whose values are valid

  /** The value of a header in the bytes of the request that was read last. */
  final class HeaderValue {
    private final byte[] name;
    private int seen;
    private int from;
    private int length;

    private HeaderValue(byte[] name) {
      this.name = name;
    }

    boolean isPresent() {
      return seen == request;
    }

    int from() {
      return from;
    }

    /** Returns the number of bytes; 0 if the header is absent. */
    int length() {
      return isPresent() ? length : 0;
    }
  }

  PlainHeaders(byte[] bytes) {
    this.bytes = bytes;
    forwarded = value("x-forwarded-for");
    connection = value("connection");
  }

  /** Returns the place of a header's value, which {@link #read} fills. */
  HeaderValue value(String name) {
    var value = new HeaderValue(PlainRequest.ascii(name));
    var same = byLength[name.length()];
    byLength[name.length()] = Arrays.copyOf(same, same.length + 1);
    byLength[name.length()][same.length] = value;
    return value;
  }

  HeaderValue forwarded() {
    return forwarded;
  }

  /** Reads the headers from {@code start}. Returns the end of the blank line after them, or -1. */
  int read(int start, int end) {
    request++;
    var at = start;
    while (at >= 0 && end - at >= 2) {
      if (bytes[at] == '\r' && bytes[at + 1] == '\n') {
        return isKeptAlive() ? at + 2 : -1;
      }
      at = line(at, end);
    }
    return -1;
  }

  private boolean isKeptAlive() {
    return !connection.isPresent()
        || connection.length == KEEP_ALIVE.length && isText(KEEP_ALIVE, connection.from);
  }

  /** Returns the end of a header line, or -1 if it is not plain or not complete. */
  private int line(int start, int end) {
    var colon = start;
    while (colon < end && bytes[colon] >= 0 && TOKEN[bytes[colon]]) {
      colon++;
    }
    if (colon == start || colon == end || bytes[colon] != ':') {
      return -1;
    }
    var from = colon + 1;
    while (from < end && isBlank(bytes[from])) {
      from++;
    }
    var stop = from;
    while (stop < end && (bytes[stop] >= ' ' && bytes[stop] < 0x7f || bytes[stop] == '\t')) {
      stop++;
    }
    var isWhole = end - stop >= 2 && bytes[stop] == '\r' && bytes[stop + 1] == '\n';
    return isWhole && take(start, colon, from, stop) ? stop + 2 : -1;
  }

  private static boolean isBlank(byte b) {
    return b == ' ' || b == '\t';
  }

  /** Keeps the value of a known header. Returns false for a header that is not plain. */
  private boolean take(int start, int colon, int from, int stop) {
    var length = colon - start;
    for (var known : length < LENGTHS ? byLength[length] : byLength[0]) {
      if (isText(known.name, start)) {
        var isSecond = known.isPresent();
        known.seen = request;
        known.from = from;
        known.length = stop - from;
        while (known.length > 0 && isBlank(bytes[from + known.length - 1])) {
          known.length--;
        }
        return !isSecond;
      }
    }
    for (var refused : REFUSED) {
      if (length >= refused.length && isText(refused, start)) {
        return false;
      }
    }
    return true;
  }

  /** Returns true if the bytes from {@code at} are this text in any case. */
  private boolean isText(byte[] lowerCase, int at) {
    for (var i = 0; i < lowerCase.length; i++) {
      var b = bytes[at + i];
      if ((b >= 'A' && b <= 'Z' ? b | 0x20 : b) != lowerCase[i]) {
        return false;
      }
    }
    return true;
  }
}
