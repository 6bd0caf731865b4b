package clicktide.query;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** A client of the live socket that sends any frames and reads only on request. */
final class RawSocket implements AutoCloseable {
  static final int CONTINUATION = 0;
  static final int TEXT = 1;
  static final int CLOSE = 8;
  static final int PING = 9;

  private static final int FINAL = 0x80;
  private static final int MASKED = 0x80;
  private static final int SMALL_BUFFER = 4_096;
  private static final int DEADLINE_MILLIS = 20_000;

  private final Socket socket = new Socket();
  private final DataInputStream in;
  private final OutputStream out;
  private final int status;

  RawSocket(int port) throws IOException {
    socket.setReceiveBufferSize(SMALL_BUFFER);
    socket.setSoTimeout(DEADLINE_MILLIS);
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    in = new DataInputStream(socket.getInputStream());
    out = socket.getOutputStream();
    out.write(
        """
        GET /v1/live?ticket=any HTTP/1.1
        Host: 127.0.0.1
        Connection: Upgrade
        Upgrade: websocket
        Sec-WebSocket-Version: 13
        Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==

        """
            .replace("\n", "\r\n")
            .getBytes(StandardCharsets.US_ASCII));
    status = Integer.parseInt(line().split(" ", -1)[1]);
    while (!line().isEmpty()) {
      // the headers of the response
    }
  }

  private String line() throws IOException {
    var line = new StringBuilder();
    for (var c = in.readUnsignedByte(); c != '\n'; c = in.readUnsignedByte()) {
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }

  /** Returns the status of the handshake. */
  int status() {
    return status;
  }

  /** A frame from the server. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Frame(int opcode, byte[] payload) {
    int closeCode() {
      return ByteBuffer.wrap(payload).getShort();
    }
  }

  /** Sends a complete message or a control frame. */
  void send(int opcode, byte[] payload) throws IOException {
    send(opcode, true, payload);
  }

  /** Sends a frame, with a mask of zeros. */
  void send(int opcode, boolean isFinal, byte[] payload) throws IOException {
    var frame = ByteBuffer.allocate(8 + payload.length);
    frame.put((byte) (isFinal ? FINAL | opcode : opcode));
    if (payload.length < 126) {
      frame.put((byte) (MASKED | payload.length));
    } else {
      frame.put((byte) (MASKED | 126)).putShort((short) payload.length);
    }
    frame.putInt(0).put(payload).flip();
    out.write(frame.array(), 0, frame.limit());
  }

  /** Reads the next frame. */
  Frame next() throws IOException {
    var opcode = in.readUnsignedByte() & 0x0F;
    var length = in.readUnsignedByte();
    var payload = new byte[length < 126 ? length : in.readUnsignedShort()];
    in.readFully(payload);
    return new Frame(opcode, payload);
  }

  /** Reads up to the close frame and returns its code. A socket that stays open sends pings. */
  int closeCode() throws IOException {
    var frame = next();
    for (var pings = 0; frame.opcode() != CLOSE; frame = next()) {
      if (frame.opcode() == PING && ++pings > 2) {
        throw new IOException("The socket is still open.");
      }
    }
    return frame.closeCode();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
