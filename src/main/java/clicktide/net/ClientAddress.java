package clicktide.net;

import java.net.InetAddress;
import java.util.List;

/**
 * The address of the client that sent a request. {@code X-Forwarded-For} counts as far as trusted
 * networks wrote it: the right-most entry that is not trusted is the client. Entries further left
 * than twenty are not read, since a client can write any number of them.
 */
public final class ClientAddress {
  private static final int MOST_HOPS = 20;

  private final List<Network> trusted;

  public ClientAddress(List<Network> trusted) {
    this.trusted = List.copyOf(trusted);
  }

  /**
   * Returns the literal of the client's address. {@code peer} is the other end of the connection,
   * {@code forwarded} the headers in their order. Never throws.
   */
  public String of(String peer, List<String> forwarded) {
    if (trusted.isEmpty() || forwarded.isEmpty()) {
      return peer;
    }
    var list = String.join(",", forwarded);
    var client = peer;
    var end = list.length();
    for (var hops = 0; hops < MOST_HOPS && end >= 0 && isTrusted(client); hops++) {
      var start = list.lastIndexOf(',', end - 1);
      var hop = literal(list.substring(start + 1, end).strip());
      if (hop.isEmpty()) {
        return client; // "unknown", an obfuscated name or garbage: trust ends here
      }
      client = hop;
      end = start;
    }
    return client;
  }

  /** Returns the address without brackets and port, or empty. */
  private static String literal(String hop) {
    var text = hop;
    if (text.startsWith("[")) {
      var close = text.indexOf(']');
      text = close < 0 ? "" : text.substring(1, close);
    } else if (text.indexOf('.') > 0
        && text.indexOf(':') > 0
        && text.indexOf(':') == text.lastIndexOf(':')) {
      text = text.substring(0, text.indexOf(':'));
    }
    return Network.literal(text).map(InetAddress::getHostAddress).orElse("");
  }

  private boolean isTrusted(String address) {
    return Network.literal(address)
        .filter(literal -> trusted.stream().anyMatch(network -> network.contains(literal)))
        .isPresent();
  }
}
