package clicktide.http;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A port with the doors closed that a web server should not leave open: silence, clear-text HTTP/2,
 * folded headers, several hosts, unknown transfer codings, large headers, the server's own
 * decompression.
 */
public final class HttpPort {
  private HttpPort() {}

  /** The longest time that a request's header may take from its first byte to its end. */
  private static final Duration HEADER_DEADLINE = Duration.ofSeconds(10);

  /**
   * The address to listen on, the seconds after which an idle connection is closed, and the longest
   * time from the first byte of a request's header to its end.
   */
  public record Place(String host, int port, int idleSeconds, Duration headerDeadline) {
    /** A place with a header deadline of 10 seconds. */
    public Place(String host, int port, int idleSeconds) {
      this(host, port, idleSeconds, HEADER_DEADLINE);
    }
  }

  public static Future<HttpServer> listen(
      Vertx vertx, Place place, Handler<HttpServerRequest> handler) {
    return vertx
        .createHttpServer(options(place))
        .connectionHandler(connection -> HeaderLines.inspect(connection, place.headerDeadline()))
        .requestHandler(
            request -> {
              if (isSound(request)) {
                handler.handle(request);
              }
            })
        .listen();
  }

  private static HttpServerOptions options(Place place) {
    return new HttpServerOptions()
        .setHost(place.host())
        .setPort(place.port())
        .setIdleTimeout(place.idleSeconds())
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
    if (hosts.size() > 1 || hosts.isEmpty() && request.version() != HttpVersion.HTTP_1_0) {
      return refuse(request, 400);
    }
    // The absolute form has to agree with the header (RFC 9112 §3.2.2).
    return request.uri().startsWith("/") || agrees(request.uri(), hosts) || refuse(request, 400);
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
