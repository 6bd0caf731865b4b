package clicktide.http;

import io.netty.channel.Channel;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/**
 * The orderly end of ports. First each answer asks its client to close the connection. Then no
 * connection is accepted, answers under way are completed, and the rest is closed. For any thread.
 */
public final class PortDrain {
  private static final long GRACE_SECONDS = 10;

  /** A connection that was accepted last gets this time to send its request. */
  private static final long LINGER_MILLIS = 500;

  private final List<HttpServer> servers = new CopyOnWriteArrayList<>();
  private final Set<Channel> listeners = ConcurrentHashMap.newKeySet();
  private volatile boolean isDraining;

  void add(HttpServer server) {
    servers.add(server);
  }

  /** Remembers the channel that accepts the connections of a port. */
  void accepted(ConnectionBase connection) {
    listeners.add(connection.channel().parent());
  }

  /** Makes each answer from now on the last one of its connection. */
  public void begin() {
    isDraining = true;
  }

  boolean isDraining() {
    return isDraining;
  }

  /** Closes the connection after the answer, if the ports are drained. A WebSocket stays open. */
  void handle(HttpServerRequest request) {
    if (isDraining && !"websocket".equalsIgnoreCase(request.getHeader(HttpHeaders.UPGRADE))) {
      request.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
      var _ = request.connection().shutdown(GRACE_SECONDS, TimeUnit.SECONDS);
    }
  }

  /**
   * Closes the ports, and returns when the answers under way are written, but after about 10 s at
   * the latest. WebSockets are told that the server ends. Idempotent.
   */
  public void close() throws InterruptedException {
    for (var listener : listeners) {
      listener.close().sync();
    }
    if (isDraining) {
      TimeUnit.MILLISECONDS.sleep(LINGER_MILLIS);
    }
    var closed = servers.stream().map(one -> one.shutdown(GRACE_SECONDS, TimeUnit.SECONDS));
    Future.join(closed.toList()).await();
  }
}
