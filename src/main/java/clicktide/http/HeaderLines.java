package clicktide.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;

/**
 * Inspects the bytes of a connection before the server's decoder, which joins folded header lines
 * (obs-fold, RFC 9112 §5.2) in silence. What {@link RequestFraming} refuses is answered here, and
 * the connection is closed.
 */
final class HeaderLines extends ChannelInboundHandlerAdapter {
  private static final ByteBuf MALFORMED = refusal("400 Bad Request");
  private static final ByteBuf UNKNOWN_CODING = refusal("501 Not Implemented");

  private final RequestFraming framing = new RequestFraming();
  private boolean refused;

  private static ByteBuf refusal(String status) {
    var text = "HTTP/1.1 %s\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".formatted(status);
    return Unpooled.unreleasableBuffer(Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII));
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (refused) {
      ReferenceCountUtil.release(message);
      return;
    }
    if (message instanceof ByteBuf bytes && context.pipeline().get("httpDecoder") != null) {
      switch (framing.read(bytes)) {
        case ACCEPTED -> context.fireChannelRead(message);
        case MALFORMED -> refuse(context, message, MALFORMED);
        case UNKNOWN_CODING -> refuse(context, message, UNKNOWN_CODING);
      }
      return;
    }
    context.fireChannelRead(message);
  }

  private void refuse(ChannelHandlerContext context, Object message, ByteBuf answer) {
    refused = true;
    ReferenceCountUtil.release(message);
    context.writeAndFlush(answer.duplicate()).addListener(ChannelFutureListener.CLOSE);
  }
}
