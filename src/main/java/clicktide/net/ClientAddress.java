package clicktide.net;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * The address of the client that sent a request. {@code X-Forwarded-For} counts as far as trusted
 * networks wrote it: the right-most entry that is not trusted is the client.
 */
public final class ClientAddress {
  private static final int LONGEST = 1_024;
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
    var hops = hops(forwarded);
    var client = peer;
    for (var i = hops.size() - 1; i >= 0 && isTrusted(client); i--) {
      var hop = literal(hops.get(i));
      if (hop.isEmpty()) {
        return client; // "unknown", an obfuscated name or garbage: trust ends here
      }
      client = hop;
    }
    return client;
  }

  private static List<String> hops(List<String> headers) {
    var joined = String.join(",", headers);
    if (joined.length() > LONGEST) {
      return List.of();
    }
    var hops = new ArrayList<String>();
    for (var part : joined.split(",", -1)) {
      hops.add(part.strip());
    }
    return hops.size() > MOST_HOPS ? List.of() : hops;
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
