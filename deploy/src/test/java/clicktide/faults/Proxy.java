package clicktide.faults;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A proxy between the product and a server. When armed, it forwards a request that contains a word,
 * waits for the reply, and closes the connection instead of forwarding the reply. The server has
 * done the work, but the product does not know.
 */
final class Proxy implements AutoCloseable {
  private static final int BUFFER = 64 << 10;

  private final ServerSocket server;
  private final int target;
  private final String word;
  private final AtomicInteger armed = new AtomicInteger();
  private final AtomicInteger cuts = new AtomicInteger();
  private volatile boolean forwards = true;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

  Proxy(int target, String word) throws IOException {
    this(0, target, word);
  }

  /** Listens on a port that a client knows already. */
  Proxy(int port, int target, String word) throws IOException {
    this.target = target;
    this.word = word;
    server = new ServerSocket(port, 50, InetAddress.getLoopbackAddress());
    Thread.ofPlatform().daemon().start(this::accept);
  }

  int port() {
    return server.getLocalPort();
  }

  /** Cuts the next replies. */
  void cut(int answers) {
    armed.addAndGet(answers);
  }

  /** Drops everything that the server sends from now on, and keeps the connections. */
  void dropReplies() {
    forwards = false;
  }

  /** The number of replies that were cut. */
  int cuts() {
    return cuts.get();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        var client = server.accept();
        try {
          var upstream = new Socket(InetAddress.getLoopbackAddress(), target);
          client.setTcpNoDelay(true);
          upstream.setTcpNoDelay(true);
          sockets.add(client);
          sockets.add(upstream);
          var pair = new Pair(client, upstream);
          Thread.ofPlatform().daemon().start(() -> pair.requests(this));
          Thread.ofPlatform().daemon().start(() -> pair.answers(this));
        } catch (IOException _) {
          client.close(); // the server is away
        }
      } catch (IOException _) {
        return;
      }
    }
  }

  /** A connection and its other side. */
  private static final class Pair {
    private final Socket client;
    private final Socket upstream;

    private Pair(Socket client, Socket upstream) {
      this.client = client;
      this.upstream = upstream;
    }

    private void requests(Proxy proxy) {
      var bytes = new byte[BUFFER];
      try {
        for (int n; (n = client.getInputStream().read(bytes)) >= 0; ) {
          upstream.getOutputStream().write(bytes, 0, n);
        }
      } catch (IOException _) {
        // the other thread closes
      }
      close(proxy);
    }

    private void answers(Proxy proxy) {
      var bytes = new byte[BUFFER];
      try {
        for (int n; (n = upstream.getInputStream().read(bytes)) >= 0; ) {
          var text = new String(bytes, 0, n, StandardCharsets.ISO_8859_1);
          if (text.contains(proxy.word) && proxy.armed.getAndUpdate(a -> Math.max(0, a - 1)) > 0) {
            proxy.cuts.incrementAndGet();
            break;
          }
          if (proxy.forwards) {
            client.getOutputStream().write(bytes, 0, n);
          }
        }
      } catch (IOException _) {
        // closed below
      }
      close(proxy);
    }

    private void close(Proxy proxy) {
      for (var socket : new Socket[] {client, upstream}) {
        try {
          proxy.sockets.remove(socket);
          socket.close();
        } catch (IOException _) {
          // it is gone
        }
      }
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (var socket : sockets) {
      socket.close();
    }
  }
}
