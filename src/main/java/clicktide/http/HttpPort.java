package clicktide.http;

import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.impl.ConnectionBase;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * An HTTP/1.1 port with strict rules. It closes idle and slow connections, also one whose body does
 * not end soon after the answer. It refuses clear-text HTTP/2, folded headers, several or malformed
 * hosts, unknown transfer codings and large headers. The server's own decompression is off.
 */
public final class HttpPort {
  private static final Duration HEADER_DEADLINE = Duration.ofSeconds(10);
  private static final long LINGER_MILLIS = 500;
  private static final int HIGHEST_PORT = 65_535;
  private static final Pattern HOST =
      Pattern.compile("(?:[A-Za-z0-9._~%-]++|\\[[0-9A-Fa-f:.]++])(?::([0-9]{1,5}))?");

  /** The buffers of reads. Netty's own ones shrink below a usual request, which costs a read. */
  private static final RecvByteBufAllocator RECEIVED =
      new AdaptiveRecvByteBufAllocator(2_048, 2_048, 65_536);

  private HttpPort() {}

  /**
   * The options of a port. A connection is closed after {@code idleSeconds} without a request, and
   * {@code headerDeadline} after the first byte of a header that is not complete. A connection over
   * the limit is closed at once. {@code drain} closes the port in order.
   */
  public record PortOptions(
      String host,
      int port,
      int idleSeconds,
      Duration headerDeadline,
      Optional<ConnectionLimit> limit,
      PortDrain drain) {
    /** Options with a header deadline of 10 s and without a limit of connections. */
    public PortOptions(String host, int port, int idleSeconds) {
      this(host, port, idleSeconds, HEADER_DEADLINE, Optional.empty(), new PortDrain());
    }

    /** Returns these options with a limit. Servers with the same limit share it. */
    public PortOptions limitedBy(ConnectionLimit connections) {
      return new PortOptions(
          host, port, idleSeconds, headerDeadline, Optional.of(connections), drain);
    }

    /** Returns these options with a drain, which several ports may share. */
    public PortOptions drainedBy(PortDrain shared) {
      return new PortOptions(host, port, idleSeconds, headerDeadline, limit, shared);
    }
  }

  /** Listens, and passes sound requests to the handler. */
  public static Future<HttpServer> listen(
      Vertx vertx, PortOptions port, Handler<HttpServerRequest> handler) {
    return listen(vertx, port, Optional.empty(), handler);
  }

  /** Listens on one event loop; the handler receives sound requests without a plain answer. */
  public static Future<HttpServer> listen(
      Vertx vertx, PortOptions port, PlainAnswers answers, Handler<HttpServerRequest> handler) {
    var parts = new PlainPath.Parts(new PlainRequest(), answers, port.drain());
    return listen(vertx, port, Optional.of(parts), handler);
  }

  private static Future<HttpServer> listen(
      Vertx vertx,
      PortOptions port,
      Optional<PlainPath.Parts> plain,
      Handler<HttpServerRequest> handler) {
    return vertx
        .createHttpServer(options(port))
        .connectionHandler(connection -> accept(port, plain, connection))
        .requestHandler(
            request -> {
              if (isSound(request)) {
                if (hasBody(request)) {
                  request.response().bodyEndHandler(_ -> endBody(vertx, request));
                } else if (plain.isPresent()) {
                  PlainPath.resumeAfter(request);
                }
                port.drain().handle(request);
                handler.handle(request);
              }
            })
        .listen()
        .onSuccess(port.drain()::add);
  }

  /** Returns true if the header announces a body, which may still be empty if it is chunked. */
  static boolean hasBody(HttpServerRequest request) {
    var length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    return length != null && !length.equals("0")
        || request.headers().contains(HttpHeaders.TRANSFER_ENCODING);
  }

  /**
   * Drops the rest of a body after the answer, and closes the connection if the body does not end
   * soon. To close at once could destroy the response on its way.
   */
  private static void endBody(Vertx vertx, HttpServerRequest request) {
    if (!request.isEnded()) {
      request.resume();
      vertx.setTimer(LINGER_MILLIS, _ -> closeUnlessEnded(request));
    }
  }

  private static void closeUnlessEnded(HttpServerRequest request) {
    if (!request.isEnded()) {
      request.connection().close();
    }
  }

  private static void accept(
      PortOptions port, Optional<PlainPath.Parts> plain, HttpConnection connection) {
    if (connection instanceof ConnectionBase base) {
      port.drain().accepted(base);
      base.channel().config().setRecvByteBufAllocator(RECEIVED);
    }
    if (connection instanceof ConnectionBase base
        && port.limit().filter(limit -> !limit.admits(base.channel())).isPresent()) {
      connection.close();
    } else {
      var inspected = HeaderLines.inspect(connection, port.headerDeadline());
      inspected.ifPresent(
          lines -> plain.ifPresent(parts -> PlainPath.add(connection, parts, lines)));
    }
  }

  /** Closes a connection at once, without waiting until the client has read what was written. */
  public static void abort(HttpConnection connection) {
    if (connection instanceof ConnectionBase base) {
      // Vert.x intercepts the close of the channel itself, and waits.
      var first = base.channel().pipeline().firstContext();
      if (first != null) { // else the connection has ended
        var _ = first.close();
      }
    }
  }

  private static HttpServerOptions options(PortOptions port) {
    return new HttpServerOptions()
        .setHost(port.host())
        .setPort(port.port())
        .setIdleTimeout(port.idleSeconds())
        .setIdleTimeoutUnit(TimeUnit.SECONDS)
        .setHttp2ClearTextEnabled(false)
        .setDecompressionSupported(false)
        .setMaxInitialLineLength(4_096)
        .setMaxHeaderSize(8_192)
        .setPerMessageWebSocketCompressionSupported(false)
        .setPerFrameWebSocketCompressionSupported(false)
        .setMaxWebSocketFrameSize(16_384)
        .setMaxWebSocketMessageSize(65_536);
  }

  private static boolean isSound(HttpServerRequest request) {
    var headers = request.headers();
    List<String> hosts = headers.getAll("host");
    if (hosts.size() > 1
        || hosts.isEmpty() && request.version() != HttpVersion.HTTP_1_0
        || !hosts.isEmpty() && !isHost(hosts.getFirst())) {
      return refuse(request, 400);
    }
    // The absolute form must agree with the header (RFC 9112 §3.2.2).
    return request.uri().startsWith("/") || agrees(request.uri(), hosts) || refuse(request, 400);
  }

  /** Returns true for a name or an IP literal, with or without a port. */
  static boolean isHost(String text) {
    var host = HOST.matcher(text);
    return host.matches()
        && (host.group(1) == null || Integer.parseInt(host.group(1)) <= HIGHEST_PORT);
  }

  private static boolean agrees(String target, List<String> hosts) {
    if (hosts.isEmpty()) {
      return false;
    }
    var origin = "http://" + hosts.getFirst();
    return target.regionMatches(true, 0, origin, 0, origin.length())
        && (target.length() == origin.length()
            || "/?".indexOf(target.charAt(origin.length())) >= 0);
  }

  private static boolean refuse(HttpServerRequest request, int status) {
    request
        .response()
        .setStatusCode(status)
        .putHeader("Connection", "close")
        .end()
        .onComplete(_ -> request.connection().close());
    return false;
  }
}
