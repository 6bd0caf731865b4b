package clicktide.deploy;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** The name of this host, for operators. */
final class HostName {
  private HostName() {}

  /** Returns the name, or {@code unknown} if the system has none. */
  static String own() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException _) {
      return "unknown";
    }
  }
}
