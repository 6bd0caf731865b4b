package clicktide.load;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A connection that sends bytes which HTTP clients refuse to send. It may come from any loopback
 * address, so the product sees several client networks.
 */
final class RawConnection implements AutoCloseable {
  private static final int CONNECT_MILLIS = 5_000;
  private static final int READ_MILLIS = 30_000;

  private final Socket socket = new Socket();
  private final InputStream in;

  RawConnection(String source, int port) throws IOException {
    socket.setReuseAddress(true);
    socket.bind(new InetSocketAddress(InetAddress.getByName(source), 0));
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), CONNECT_MILLIS);
    socket.setSoTimeout(READ_MILLIS);
    socket.setTcpNoDelay(true);
    in = new BufferedInputStream(socket.getInputStream());
  }

  /** A response. The names of its headers are in lower case. */
  record Response(int status, Map<String, String> headers, String body) {}

  RawConnection write(String text) throws IOException {
    return write(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  RawConnection write(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    return this;
  }

  /** Reads one response. Throws EOFException if the server closed the connection before it. */
  Response read() throws IOException {
    var status = Integer.parseInt(line().split(" ", 3)[1]);
    var headers = new HashMap<String, String>();
    for (var line = line(); !line.isEmpty(); line = line()) {
      var header = line.split(":", 2);
      headers.put(header[0].toLowerCase(Locale.ROOT), header[1].strip());
    }
    var hasBody = status >= 200 && status != 204 && status != 304;
    var body = hasBody ? body(headers) : new byte[0];
    return new Response(status, headers, new String(body, StandardCharsets.UTF_8));
  }

  /** Reads the statuses of all responses until the server closes the connection. */
  List<Integer> statuses() throws IOException {
    var statuses = new ArrayList<Integer>();
    try {
      while (true) {
        statuses.add(read().status);
      }
    } catch (EOFException | SocketException _) {
      return statuses;
    }
  }

  /** Waits for the end of the connection, ignores its bytes, and returns false after a timeout. */
  boolean isClosedWithin(int millis) throws IOException {
    var end = System.nanoTime() + millis * 1_000_000L;
    try {
      while (true) {
        socket.setSoTimeout(Math.clamp((end - System.nanoTime()) / 1_000_000, 1, millis));
        if (in.read() < 0) {
          return true;
        }
        if (System.nanoTime() > end) {
          return false;
        }
      }
    } catch (SocketTimeoutException _) {
      return false;
    } catch (IOException _) {
      return true; // a reset
    }
  }

  private byte[] body(Map<String, String> headers) throws IOException {
    if (headers.containsKey("transfer-encoding")) {
      var body = new ByteArrayOutputStream();
      for (var size = chunkSize(); size > 0; size = chunkSize()) {
        body.writeBytes(exactly(size));
        line();
      }
      line();
      return body.toByteArray();
    }
    return exactly(Integer.parseInt(headers.getOrDefault("content-length", "0")));
  }

  private int chunkSize() throws IOException {
    return Integer.parseInt(line(), 16);
  }

  private byte[] exactly(int size) throws IOException {
    var bytes = in.readNBytes(size);
    if (bytes.length < size) {
      throw new EOFException("The connection ended within a response");
    }
    return bytes;
  }

  private String line() throws IOException {
    var line = new StringBuilder();
    for (var c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new EOFException("The connection ended");
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
