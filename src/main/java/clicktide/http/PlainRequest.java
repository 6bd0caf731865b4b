package clicktide.http;

import clicktide.wire.TextCache;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * A reader of plain requests, which are GET or HEAD of HTTP/1.1 in origin form. They have one sound
 * host, no body, no header twice, and printable ASCII in lines that end with CR and LF. All readers
 * understand such bytes the same way. Every other request is refused. Each event loop has one
 * reader. Texts are made once, because a visitor's browser and page are seldom new.
 */
final class PlainRequest implements Request {
  private static final int LONGEST = 4_096; // bytes of a request, the limit of a request line
  private static final int MOST_BYTES = 65_536; // of one read
  private static final int PLACES = 1_024;
  private static final byte[] GET = ascii("GET /");
  private static final byte[] HEAD = ascii("HEAD /");
  private static final byte[] VERSION = ascii(" HTTP/1.1\r\n");

  private final TextCache texts = new TextCache(PLACES);
  private final byte[] bytes = new byte[MOST_BYTES];
  private final PlainHeaders headers = new PlainHeaders(bytes);
  private final Map<Header, PlainHeaders.HeaderValue> values = new EnumMap<>(Header.class);
  private int end;
  private int next;
  private boolean isHead;
  private String uri = "";
  private String peer = "";
  private String soundHost = "";

  PlainRequest() {
    for (var header : Header.values()) {
      values.put(header, headers.value(header.text()));
    }
  }

  static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** Takes the bytes of one read from the client {@code address}; false if there are too many. */
  boolean load(ByteBuf read, String address) {
    if (read.readableBytes() > MOST_BYTES) {
      return false;
    }
    next = 0;
    end = read.readableBytes();
    read.getBytes(read.readerIndex(), bytes, 0, end);
    peer = address;
    return true;
  }

  /** Returns the number of bytes that {@link #read} has accepted since {@link #load}. */
  int position() {
    return next;
  }

  /** Reads the next request. Returns false if it is not plain or not complete. */
  boolean read() {
    isHead = starts(HEAD, next);
    if (!isHead && !starts(GET, next)) {
      return false;
    }
    var target = next + (isHead ? HEAD.length : GET.length) - 1;
    var blank = target;
    while (blank < end && bytes[blank] > ' ' && bytes[blank] < 0x7f) {
      blank++;
    }
    if (!starts(VERSION, blank)) {
      return false;
    }
    var after = headers.read(blank + VERSION.length, end);
    if (after < 0 || after - next > LONGEST || !hasSoundHost()) {
      return false;
    }
    uri = texts.ascii(bytes, target, blank - target);
    next = after;
    return true;
  }

  private boolean starts(byte[] text, int at) {
    return end - at >= text.length
        && Arrays.equals(bytes, at, at + text.length, text, 0, text.length);
  }

  private boolean hasSoundHost() {
    var host = header(Header.HOST); // empty if it is absent
    var isSound = !host.isEmpty() && (host.equals(soundHost) || HttpPort.isHost(host));
    soundHost = isSound ? host : soundHost;
    return isSound;
  }

  @Override
  public String uri() {
    return uri;
  }

  @Override
  public String path() {
    var mark = uri.indexOf('?');
    return mark < 0 ? uri : uri.substring(0, mark);
  }

  @Override
  public boolean isHead() {
    return isHead;
  }

  @Override
  public String peer() {
    return peer;
  }

  @Override
  public String header(Header header) {
    var value = values.get(header);
    return texts.ascii(bytes, value.from(), value.length());
  }

  @Override
  public List<String> forwarded() {
    var value = headers.forwarded();
    return value.isPresent() // its texts are often new, so they are not kept
        ? List.of(new String(bytes, value.from(), value.length(), StandardCharsets.US_ASCII))
        : List.of();
  }
}
