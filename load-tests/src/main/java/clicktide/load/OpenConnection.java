package clicktide.load;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/**
 * A persistent connection of {@link OpenLoop} that does not block. It has one request at a time.
 * Responses need a {@code Content-Length}.
 */
final class OpenConnection implements AutoCloseable {
  private static final int LONGEST_RESPONSE = 16_384;
  private static final String LENGTH = "ength: "; // servers write Content-Length in two cases
  private static final int STATUS = "HTTP/1.1 ".length();

  private final SocketChannel channel;
  private final ByteBuffer in = ByteBuffer.allocate(LONGEST_RESPONSE);
  private LinkRequest request;
  private long intended;

  OpenConnection(int port, Selector selector) throws IOException {
    channel = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    channel.configureBlocking(false);
    channel.register(selector, SelectionKey.OP_READ, this);
  }

  /** Sends a request whose intended time is in nanoseconds after the start. */
  void send(LinkRequest request, long intended) throws IOException {
    this.request = request;
    this.intended = intended;
    if (channel.write(ByteBuffer.wrap(request.bytes)) < request.bytes.length) {
      throw new IOException("The buffer of an idle connection had no room for a request");
    }
  }

  /** The request that was sent last. */
  LinkRequest request() {
    return request;
  }

  /** The intended time of the request that was sent last. */
  long intended() {
    return intended;
  }

  /** Reads what has arrived. Returns the status of a complete response, or 0. */
  int read() throws IOException {
    if (channel.read(in) < 0) {
      throw new EOFException("The server closed a connection");
    }
    var text = new String(in.array(), 0, in.position(), StandardCharsets.ISO_8859_1);
    var head = text.indexOf("\r\n\r\n");
    if (head < 0) {
      return 0;
    }
    var length = text.indexOf(LENGTH) + LENGTH.length();
    var body = Integer.parseInt(text, length, text.indexOf('\r', length), 10);
    if (text.length() < head + 4 + body) {
      return 0;
    }
    in.clear();
    return Integer.parseInt(text, STATUS, STATUS + 3, 10);
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException _) {
      // nothing else can be done with it
    }
  }
}
