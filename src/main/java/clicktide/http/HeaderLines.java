package clicktide.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Refuses folded header lines (obs-fold, RFC 9112 §5.2) in front of the server's decoder, which
 * would join them in silence. It follows the framing of requests, so that a body may begin with a
 * space, and refuses lengths that others could read in another way.
 */
final class HeaderLines extends ChannelInboundHandlerAdapter {
  private static final ByteBuf REFUSAL =
      Unpooled.unreleasableBuffer(
          Unpooled.copiedBuffer(
              "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
              StandardCharsets.US_ASCII));
  private static final int LONGEST_KEPT = 64;
  private static final Pattern LENGTH = Pattern.compile("content-length:[ \\t]*([0-9]{1,18})");
  private static final Pattern CHUNK_SIZE = Pattern.compile("([0-9A-Fa-f]{1,8})(;.*)?");

  private enum Part {
    REQUEST_LINE,
    HEADERS,
    BODY,
    CHUNK_SIZE,
    CHUNK,
    TRAILERS
  }

  private final StringBuilder line = new StringBuilder(LONGEST_KEPT);
  private Part part = Part.REQUEST_LINE;
  private boolean atLineStart = true;
  private boolean chunked;
  private boolean refused;
  private long left;

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (refused) {
      ReferenceCountUtil.release(message);
      return;
    }
    if (message instanceof ByteBuf bytes && context.pipeline().get("httpDecoder") != null) {
      if (!isClean(bytes)) {
        refused = true;
        ReferenceCountUtil.release(message);
        context.writeAndFlush(REFUSAL.duplicate()).addListener(ChannelFutureListener.CLOSE);
        return;
      }
    }
    context.fireChannelRead(message);
  }

  private boolean isClean(ByteBuf bytes) {
    var at = bytes.readerIndex();
    var end = bytes.writerIndex();
    while (at < end) {
      if (part == Part.BODY || part == Part.CHUNK) {
        var skipped = (int) Math.min(left, end - at);
        at += skipped;
        left -= skipped;
        if (left == 0) {
          part = part == Part.BODY ? Part.REQUEST_LINE : Part.CHUNK_SIZE;
        }
        continue;
      }
      var first = bytes.getByte(at);
      if (atLineStart
          && (part == Part.HEADERS || part == Part.TRAILERS)
          && (first == ' ' || first == '\t')) {
        return false;
      }
      var feed = bytes.indexOf(at, end, (byte) '\n');
      keep(bytes, at, feed < 0 ? end : feed);
      atLineStart = feed >= 0;
      at = feed < 0 ? end : feed + 1;
      if (feed >= 0) {
        if (!endOfLine(line.toString().stripTrailing())) {
          return false;
        }
        line.setLength(0);
      }
    }
    return true;
  }

  private void keep(ByteBuf bytes, int from, int to) {
    for (var i = from; i < to && line.length() < LONGEST_KEPT; i++) {
      line.append((char) (bytes.getByte(i) & 0xff));
    }
  }

  /** Whether the line is one that everybody frames alike. */
  private boolean endOfLine(String text) {
    switch (part) {
      case REQUEST_LINE -> part = text.isEmpty() ? Part.REQUEST_LINE : Part.HEADERS;
      case HEADERS -> {
        return header(text);
      }
      case CHUNK_SIZE -> {
        return chunk(text);
      }
      case TRAILERS -> part = text.isEmpty() ? Part.REQUEST_LINE : Part.TRAILERS;
      case BODY, CHUNK -> throw new IllegalStateException("a body has no lines");
    }
    return true;
  }

  private boolean header(String text) {
    if (text.isEmpty()) {
      part = chunked ? Part.CHUNK_SIZE : left > 0 ? Part.BODY : Part.REQUEST_LINE;
      chunked = false;
      return true;
    }
    var lower = text.toLowerCase(Locale.ROOT);
    if (lower.startsWith("content-length")) {
      var length = LENGTH.matcher(lower);
      if (!length.matches()) {
        return false;
      }
      left = Long.parseLong(length.group(1));
    } else if (lower.startsWith("transfer-encoding")) {
      chunked = true;
      left = 0;
    }
    return true;
  }

  private boolean chunk(String text) {
    var size = CHUNK_SIZE.matcher(text);
    if (!size.matches()) {
      return false;
    }
    left = Long.parseLong(size.group(1), 16);
    part = left > 0 ? Part.CHUNK : Part.TRAILERS;
    left += left > 0 ? 2 : 0; // the line end behind the chunk
    return true;
  }
}
