package clicktide.load;

import java.io.IOException;
import java.net.InetAddress;

/**
 * One persistent connection to the link port. It sends each request once. HTTP clients may repeat a
 * GET, and then the oracle would miss a response.
 */
final class LinkConnection implements AutoCloseable {
  private final int port;
  private final RawConnection connection;

  LinkConnection(int port) throws IOException {
    this.port = port;
    connection = new RawConnection(InetAddress.getLoopbackAddress().getHostAddress(), port);
  }

  /** Follows a short link as a browser does and returns the status. */
  int follow(String code) throws IOException {
    return follow(code, LinkRequest.BROWSER, "");
  }

  /** Follows a path with this user agent and referrer and returns the status. */
  int follow(String path, String agent, String referrer) throws IOException {
    var request =
        """
        GET /%s HTTP/1.1\r
        Host: 127.0.0.1:%d\r
        User-Agent: %s\r
        Referer: %s\r
        \r
        """
            .formatted(path, port, agent, referrer);
    return connection.write(request).read().status();
  }

  @Override
  public void close() throws IOException {
    connection.close();
  }
}
