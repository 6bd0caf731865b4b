package clicktide.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.timeout.IdleStateHandler;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.Optional;

/**
 * The path of plain requests, which are answered before the server sees them. Another request and
 * all bytes after it go to the server, until it has answered: so answers stay in order. The server
 * also gets everything while ports are drained, or while the client does not read its answers.
 */
final class PlainPath extends ChannelInboundHandlerAdapter {
  private static final int TYPICAL_BYTES = 256; // of an answer

  private final Parts parts;
  private final HeaderLines lines;
  private final String peer;
  private Optional<IdleStateHandler> idle = Optional.empty();
  private long answeredByServer;
  private boolean mustFlush;

  /** The parts that all connections of a port on one event loop share. */
  record Parts(PlainRequest request, PlainAnswers answers, PortDrain drain) {}

  /** {@code lines} is the next handler, which counts the requests that the server receives. */
  PlainPath(Parts parts, HeaderLines lines, String peer) {
    this.parts = parts;
    this.lines = lines;
    this.peer = peer;
  }

  /** Adds this path to a new connection, before {@code lines}. */
  static void add(HttpConnection connection, Parts parts, HeaderLines lines) {
    if (connection instanceof ConnectionBase base) {
      var address = connection.remoteAddress().hostAddress();
      var path = new PlainPath(parts, lines, address == null ? "" : address);
      base.channel().pipeline().addFirst("plainPath", path);
    }
  }

  /** Lets plain requests follow after the server's answer, if the connection then continues. */
  static void resumeAfter(HttpServerRequest request) {
    var option = request.getHeader(HttpHeaders.CONNECTION);
    if (request.version() == HttpVersion.HTTP_1_1
        && (option == null || option.equalsIgnoreCase("keep-alive"))
        && request.connection() instanceof ConnectionBase base) {
      Optional.ofNullable(base.channel().pipeline().get(PlainPath.class))
          .ifPresent(path -> request.response().endHandler(_ -> path.answeredByServer++));
    }
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    idle = Optional.ofNullable(context.pipeline().get(IdleStateHandler.class));
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (message instanceof ByteBuf bytes && isPlain(context) && parts.request.load(bytes, peer)) {
      pass(context, bytes);
    } else {
      context.fireChannelRead(message);
    }
  }

  /** Answers the plain requests at the beginning. The server receives the rest. */
  private void pass(ChannelHandlerContext context, ByteBuf bytes) {
    try {
      bytes.skipBytes(answer(context));
    } catch (RuntimeException | Error failure) { // the server then closes the connection
      bytes.release();
      throw failure;
    }
    if (bytes.isReadable()) {
      context.fireChannelRead(bytes);
    } else {
      bytes.release();
    }
  }

  private boolean isPlain(ChannelHandlerContext context) {
    return lines.hasReceived(answeredByServer)
        && !parts.drain.isDraining()
        && context.channel().isWritable();
  }

  /** Returns the number of bytes of the requests that were answered. */
  private int answer(ChannelHandlerContext context) {
    var out = context.alloc().ioBuffer(TYPICAL_BYTES);
    var answered = 0;
    try {
      while (parts.request.read() && parts.answers.answer(parts.request, out)) {
        answered = parts.request.position();
      }
    } finally {
      if (out.isReadable()) {
        var _ = context.write(out, context.voidPromise());
        mustFlush = true;
        idle.ifPresent(IdleStateHandler::resetReadTimeout); // it stands after this handler
      } else {
        out.release();
      }
    }
    return answered;
  }

  /** Sends the answers to one read together. */
  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    if (mustFlush) {
      mustFlush = false;
      context.flush();
    }
    context.fireChannelReadComplete();
  }
}
