package clicktide.embedded;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;

/** A port with TLS in front of a server without it, since embedded Redis is built without TLS. */
public final class TlsProxy implements AutoCloseable {
  private final SSLServerSocket server;
  private final int target;

  private TlsProxy(SSLServerSocket server, int target) {
    this.server = server;
    this.target = target;
  }

  public static TlsProxy to(int target, TestCertificates certificates) throws Exception {
    var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    var store = certificates.store();
    store.deleteEntry("ca");
    keys.init(store, TestCertificates.PASSWORD.toCharArray());
    var context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    var server =
        (SSLServerSocket)
            context
                .getServerSocketFactory()
                .createServerSocket(0, 50, InetAddress.getLoopbackAddress());
    var proxy = new TlsProxy(server, target);
    Thread.ofVirtual().start(proxy::accept);
    return proxy;
  }

  public int port() {
    return server.getLocalPort();
  }

  private void accept() {
    try {
      while (true) {
        var client = server.accept();
        Thread.ofVirtual().start(() -> connect(client));
      }
    } catch (IOException _) {
      // closed
    }
  }

  private void connect(Socket client) {
    try (client;
        var backend = new Socket(InetAddress.getLoopbackAddress(), target)) {
      var answers = Thread.ofVirtual().start(() -> copy(backend, client));
      copy(client, backend);
      answers.join();
    } catch (IOException | InterruptedException _) {
      // an end of the connection
    }
  }

  private static void copy(Socket from, Socket to) {
    try (from;
        to) {
      from.getInputStream().transferTo(to.getOutputStream());
    } catch (IOException _) {
      // an end of the connection
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
