package clicktide.deploy;

import clicktide.settings.Settings;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;

/** The three ports that clients know. A port that is taken is an error; no other one is chosen. */
final class PublicPorts {
  private PublicPorts() {}

  /** Throws {@link IllegalStateException} with a sentence for the operator if one is taken. */
  static void requireFree(Settings settings) {
    var ports = List.of(settings.port(), settings.apiPort(), settings.managementPort());
    var taken = ports.stream().filter(port -> isTaken(settings.bind(), port)).toList();
    if (!taken.isEmpty()) {
      throw new IllegalStateException(
          "Clicktide cannot listen on %s, port %s: taken or not permitted. Choose others with --port, --api-port and --management-port."
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
