package clicktide.embedded;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Loopback ports of the embedded servers. Users do not configure them, so any free port will do.
 */
final class Ports {
  /**
   * The range of {@link #any}. It ends below the ports that Linux (32,768) and macOS (49,152) give
   * to outgoing connections, so that no connection takes a port before its server listens.
   */
  private static final int FIRST = 20_000;

  private static final int COUNT = 12_000;

  /** Processes that start at the same time begin at different ports. */
  private static final AtomicInteger next =
      new AtomicInteger((int) (ProcessHandle.current().pid() * 97 % COUNT));

  private Ports() {}

  /** Returns a free port that this process has not returned yet. */
  static int any() {
    for (var tries = 0; tries < COUNT; tries++) {
      var port = FIRST + Math.floorMod(next.getAndIncrement(), COUNT);
      if (isFree(port)) {
        return port;
      }
    }
    throw new IllegalStateException("No free port on loopback");
  }

  private static boolean isFree(int port) {
    try (var socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return true;
    } catch (IOException _) {
      return false;
    }
  }

  /** Returns true if a server listens. */
  static boolean isOpen(int port) {
    try (var _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return true;
    } catch (IOException _) {
      return false;
    }
  }
}
