package clicktide.deploy;

import clicktide.settings.Settings;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Arrays;
import java.util.function.ToIntFunction;

/**
 * A port that clients know, with its percentage of the connections of the process. No port can take
 * the share of another one, so the health checks have room while clients flood the other ports.
 */
enum PublicPort {
  LINKS("links", 70, Settings::port),
  API("api", 25, Settings::apiPort),
  MANAGEMENT("management", 5, Settings::managementPort);

  /** The number of files that the process opens besides connections of clients, at most. */
  private static final int OTHER_FILES = 1_000;

  private final String label;
  private final int percent;
  private final ToIntFunction<Settings> number;

  PublicPort(String label, int percent, ToIntFunction<Settings> number) {
    this.label = label;
    this.percent = percent;
    this.number = number;
  }

  /** Returns the name of the port in metrics. */
  String label() {
    return label;
  }

  int number(Settings settings) {
    return number.applyAsInt(settings);
  }

  /** Returns the most connections of this port in a process that may open this number of files. */
  int mostConnections(long files) {
    var connections = Math.max(files - OTHER_FILES, files / 2);
    return (int) Math.min(connections * (percent / 100.0), Integer.MAX_VALUE);
  }

  /**
   * Throws {@link IllegalStateException} with a sentence for the operator if a port is taken. No
   * other one is chosen.
   */
  static void requireFree(Settings settings) {
    var taken =
        Arrays.stream(values())
            .map(port -> port.number(settings))
            .filter(port -> isTaken(settings.bind(), port))
            .toList();
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
