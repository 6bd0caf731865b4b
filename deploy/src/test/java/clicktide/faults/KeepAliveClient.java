package clicktide.faults;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A client that sends one request again and again on one connection, until it is told to close it
 * or the test ends it. Any other status than the expected one is an error.
 */
final class KeepAliveClient implements Runnable {
  private static final String LENGTH = "content-length:";

  final AtomicInteger answers = new AtomicInteger();
  volatile boolean isTold; // by `Connection: close`
  volatile boolean isOver;
  volatile Optional<String> error = Optional.empty();
  private final int port;
  private final byte[] request;
  private final String status;
  private final long pauseMillis;

  private KeepAliveClient(int port, String request, int status, long pauseMillis) {
    this.pauseMillis = pauseMillis;
    this.port = port;
    this.request = request.getBytes(US_ASCII);
    this.status = "http/1.1 " + status;
  }

  /** A client that follows a link. */
  static KeepAliveClient follow(int port, String code) {
    return new KeepAliveClient(
        port, "GET /%s HTTP/1.1\r\nHost: localhost\r\n\r\n".formatted(code), 302, 0);
  }

  /** A client that queries the API with a key, up to 50 times a second. */
  static KeepAliveClient query(int port, String path, String key) {
    var request = "GET %s HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\n\r\n";
    return new KeepAliveClient(port, request.formatted(path, key), 200, 20);
  }

  @Override
  public void run() {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      var reader = new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII));
      while (!isTold && !isOver) {
        socket.getOutputStream().write(request);
        var lines = head(reader);
        if (lines.isEmpty() || !lines.getFirst().startsWith(status)) {
          throw new IOException("answer " + lines);
        }
        skipBody(reader, lines);
        answers.incrementAndGet();
        isTold = lines.contains("connection: close");
        TimeUnit.MILLISECONDS.sleep(pauseMillis);
      }
    } catch (IOException e) {
      error = Optional.of(e.toString());
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private static List<String> head(BufferedReader reader) throws IOException {
    var lines = new ArrayList<String>();
    for (var line = reader.readLine(); line != null && !line.isEmpty(); line = reader.readLine()) {
      lines.add(line.toLowerCase(Locale.ROOT));
    }
    return lines;
  }

  private static void skipBody(BufferedReader reader, List<String> head) throws IOException {
    for (var line : head) {
      if (line.startsWith(LENGTH)) {
        for (var left = Integer.parseInt(line.substring(LENGTH.length()).strip());
            left > 0;
            left--) {
          if (reader.read() < 0) {
            throw new EOFException("The body is cut off");
          }
        }
      }
    }
  }
}
