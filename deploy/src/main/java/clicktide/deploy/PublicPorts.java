package clicktide.deploy;

import clicktide.settings.Settings;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;

/**
 * The three ports that people type. One that is taken is an error, not a reason for another one.
 */
final class PublicPorts {
  private PublicPorts() {}

  /** Before anything slow starts. Throws {@link IllegalStateException} with a sentence. */
  static void requireFree(Settings settings) {
    var ports = List.of(settings.port(), settings.apiPort(), settings.managementPort());
    var taken = ports.stream().filter(port -> isTaken(settings.bind(), port)).toList();
    if (!taken.isEmpty()) {
      throw new IllegalStateException(
          "Taken or not allowed on %s: port %s. Choose others with --port, --api-port and --management-port."
              .formatted(settings.bind(), taken));
    }
  }

  private static boolean isTaken(String host, int port) {
    try (var socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(host, port));
      return false;
    } catch (IOException _) {
      return true;
    }
  }
}
