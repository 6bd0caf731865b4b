package clicktide.faults;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A client that follows a link on one connection until it is told to close it. Anything else but a
 * redirect is an error.
 */
final class KeepAliveClient implements Runnable {
  final AtomicInteger redirects = new AtomicInteger();
  volatile boolean isTold; // by `Connection: close`
  volatile Optional<String> error = Optional.empty();
  private final int port;
  private final byte[] request;

  KeepAliveClient(int port, String code) {
    this.port = port;
    request = "GET /%s HTTP/1.1\r\nHost: localhost\r\n\r\n".formatted(code).getBytes(US_ASCII);
  }

  @Override
  public void run() {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      var reader = new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII));
      while (!isTold) {
        socket.getOutputStream().write(request);
        var lines = head(reader);
        if (lines.isEmpty() || !lines.getFirst().startsWith("http/1.1 302")) {
          throw new IOException("answer " + lines);
        }
        redirects.incrementAndGet();
        isTold = lines.contains("connection: close");
      }
    } catch (IOException e) {
      error = Optional.of(e.toString());
    }
  }

  private static List<String> head(BufferedReader reader) throws IOException {
    var lines = new ArrayList<String>();
    for (var line = reader.readLine(); line != null && !line.isEmpty(); line = reader.readLine()) {
      lines.add(line.toLowerCase(Locale.ROOT));
    }
    return lines;
  }
}
