package clicktide.deploy;

import clicktide.settings.Settings;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Arrays;
import java.util.function.Function;
import java.util.function.ToIntFunction;

/**
 * A port that clients know, with its percentage of the connections of the process. No port can take
 * the share of another one, so the health checks have room while clients flood the other ports.
 */
enum PublicPort {
  LINKS("links", 70, Settings::bind, Settings::port),
  API("api", 25, Settings::apiBind, Settings::apiPort),
  MANAGEMENT("management", 5, Settings::managementBind, Settings::managementPort);

  /** The number of files that the process opens besides connections of clients, at most. */
  private static final int OTHER_FILES = 1_000;

  private final String label;
  private final int percent;
  private final Function<Settings, String> host;
  private final ToIntFunction<Settings> number;

  PublicPort(
      String label, int percent, Function<Settings, String> host, ToIntFunction<Settings> number) {
    this.label = label;
    this.percent = percent;
    this.host = host;
    this.number = number;
  }

  /** Returns the name of the port in metrics. */
  String label() {
    return label;
  }

  /** Returns the IP address and the number of the port. */
  InetSocketAddress address(Settings settings) {
    return new InetSocketAddress(host.apply(settings), number.applyAsInt(settings));
  }

  /** Returns the address for a person, {@code host:port}; a port on every address is local. */
  String shown(Settings settings) {
    var address = address(settings);
    var host = address.getAddress().isAnyLocalAddress() ? "localhost" : address.getHostString();
    return (host.contains(":") ? "[%s]:%d" : "%s:%d").formatted(host, address.getPort());
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
            .filter(port -> isTaken(port.address(settings)))
            .map(port -> port.shown(settings))
            .toList();
    if (!taken.isEmpty()) {
      throw new IllegalStateException(
          "Clicktide cannot listen on %s: taken, not permitted or not on this host. Choose others with --port, --api-port and --management-port."
              .formatted(String.join(", ", taken)));
    }
  }

  private static boolean isTaken(InetSocketAddress address) {
    try (var socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(address);
      return false;
    } catch (IOException _) {
      return true;
    }
  }
}
