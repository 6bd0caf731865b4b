package clicktide.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Refuses folded header lines (obs-fold, RFC 9112 §5.2) in front of the server's decoder, which
 * would join them in silence. It follows the framing of requests, so that a body may begin with a
 * space. What the framing says twice or wrongly is the decoder's to refuse.
 */
final class HeaderLines extends ChannelInboundHandlerAdapter {
  private static final ByteBuf REFUSAL =
      Unpooled.unreleasableBuffer(
          Unpooled.copiedBuffer(
              "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
              StandardCharsets.US_ASCII));
  private static final int LONGEST_KEPT = 64;

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
  private long left;

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (message instanceof ByteBuf bytes && context.pipeline().get("httpDecoder") != null) {
      if (!isClean(bytes)) {
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
        endOfLine(line.toString().stripTrailing());
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

  private void endOfLine(String text) {
    switch (part) {
      case REQUEST_LINE -> part = text.isEmpty() ? Part.REQUEST_LINE : Part.HEADERS;
      case HEADERS -> header(text);
      case CHUNK_SIZE -> chunk(text);
      case TRAILERS -> part = text.isEmpty() ? Part.REQUEST_LINE : Part.TRAILERS;
      case BODY, CHUNK -> throw new IllegalStateException("a body has no lines");
    }
  }

  private void header(String text) {
    if (text.isEmpty()) {
      part = chunked ? Part.CHUNK_SIZE : left > 0 ? Part.BODY : Part.REQUEST_LINE;
      chunked = false;
      return;
    }
    var lower = text.toLowerCase(Locale.ROOT);
    if (lower.startsWith("content-length:")) {
      left = number(lower.substring(15).strip(), 10);
    } else if (lower.startsWith("transfer-encoding:")) {
      chunked = true;
      left = 0;
    }
  }

  private void chunk(String text) {
    var semicolon = text.indexOf(';');
    left = number((semicolon < 0 ? text : text.substring(0, semicolon)).strip(), 16);
    part = left > 0 ? Part.CHUNK : Part.TRAILERS;
    left += left > 0 ? 2 : 0; // the line end behind the chunk
  }

  private static long number(String text, int radix) {
    try {
      return Math.max(0, Long.parseLong(text, radix));
    } catch (NumberFormatException _) {
      return 0; // the decoder refuses it
    }
  }
}
