package clicktide.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketFrameDecoder;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.ImmediateEventExecutor;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.ConnectionBase;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Inspects the bytes of a connection before the server's decoder, which joins folded header lines
 * (obs-fold, RFC 9112 §5.2) silently. It answers bytes that {@link RequestFraming} refuses, and
 * closes the connection. It also closes a connection that cannot be inspected, and one whose
 * request header is not complete within a deadline after its first byte.
 */
final class HeaderLines extends ChannelInboundHandlerAdapter {
  private static final Logger log = LoggerFactory.getLogger(HeaderLines.class);
  private static final ByteBuf MALFORMED = refusal("400 Bad Request");
  private static final ByteBuf UNKNOWN_CODING = refusal("501 Not Implemented");

  private static final Future<?> NO_TIMER =
      ImmediateEventExecutor.INSTANCE.newSucceededFuture(null);

  private final RequestFraming framing = new RequestFraming();
  private final Duration deadline;
  private Future<?> timer = NO_TIMER;
  private boolean isClosing;

  /** {@code deadline} is the longest time from the first byte of a request's header to its end. */
  HeaderLines(Duration deadline) {
    this.deadline = deadline;
  }

  private static ByteBuf refusal(String status) {
    var text = "HTTP/1.1 %s\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".formatted(status);
    return Unpooled.unreleasableBuffer(Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII));
  }

  /** Inspects a new connection, or closes it if its channel cannot be reached. */
  static Optional<HeaderLines> inspect(HttpConnection connection, Duration deadline) {
    if (connection instanceof ConnectionBase base) {
      var lines = new HeaderLines(deadline);
      base.channel().pipeline().addFirst("headerLines", lines);
      return Optional.of(lines);
    }
    log.error("A connection was closed: its channel cannot be inspected.");
    connection.close();
    return Optional.empty();
  }

  /** Returns true if the server has received exactly this number of requests, all of them whole. */
  boolean hasReceived(long requests) {
    return framing.isBetweenRequests() && framing.completeHeaders() == requests;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (isClosing) {
      ReferenceCountUtil.release(message);
      return;
    }
    var pipeline = context.pipeline();
    if (pipeline.get(HttpRequestDecoder.class) != null && message instanceof ByteBuf bytes) {
      http(context, bytes);
    } else if (pipeline.get(WebSocketFrameDecoder.class) != null) {
      context.fireChannelRead(message);
    } else {
      log.error("A connection was closed: it has no decoder that can be inspected.");
      isClosing = true;
      ReferenceCountUtil.release(message);
      var _ = context.close();
    }
  }

  private void http(ChannelHandlerContext context, ByteBuf bytes) {
    var before = framing.completeHeaders();
    switch (framing.read(bytes)) {
      case ACCEPTED -> {
        watch(context, framing.completeHeaders() > before);
        context.fireChannelRead(bytes);
      }
      case MALFORMED -> refuse(context, bytes, MALFORMED);
      case UNKNOWN_CODING -> refuse(context, bytes, UNKNOWN_CODING);
    }
  }

  /** Sets the timer only for a header that one read did not bring: most need none. */
  private void watch(ChannelHandlerContext context, boolean isAnother) {
    if (isAnother || !framing.isInHeader()) {
      timer.cancel(false);
      timer = NO_TIMER;
    }
    if (framing.isInHeader() && timer == NO_TIMER) {
      setTimer(context);
    }
  }

  private void setTimer(ChannelHandlerContext context) {
    timer =
        context
            .executor()
            .schedule(() -> expire(context), deadline.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** While the server does not read, the client is not the one that is late. */
  private void expire(ChannelHandlerContext context) {
    if (context.channel().config().isAutoRead()) {
      isClosing = true;
      var _ = context.close();
    } else {
      setTimer(context);
    }
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    timer.cancel(false);
  }

  private void refuse(ChannelHandlerContext context, ByteBuf bytes, ByteBuf answer) {
    isClosing = true;
    bytes.release();
    context.writeAndFlush(answer.duplicate()).addListener(ChannelFutureListener.CLOSE);
  }
}
