package clicktide.load;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * One persistent connection to the link port. It sends each request once. HTTP clients may repeat a
 * GET, and then the oracle would miss a response.
 */
final class LinkConnection implements AutoCloseable {
  private static final int TIMEOUT_MILLIS = 10_000;

  private final int port;
  private final Socket socket;
  private final InputStream in;

  LinkConnection(int port) throws IOException {
    this.port = port;
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(TIMEOUT_MILLIS);
    socket.setTcpNoDelay(true);
    in = new BufferedInputStream(socket.getInputStream());
  }

  /** Follows a short link as a browser does and returns the status. Responses have no body. */
  int follow(String code) throws IOException {
    return follow(
        code, "Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0", "");
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
    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    var status = Integer.parseInt(line().split(" ", 3)[1]);
    while (!line().isEmpty()) {
      // headers
    }
    return status;
  }

  private String line() throws IOException {
    var line = new StringBuilder();
    for (int c; (c = in.read()) != '\n'; ) {
      if (c < 0) {
        throw new EOFException("The connection ended within a response");
      }
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
