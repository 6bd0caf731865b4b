package clicktide.link;

import java.net.InetAddress;
import java.util.Optional;

/** A range of addresses in CIDR notation. IPv4-mapped IPv6 addresses are IPv4 here. */
public record Network(InetAddress address, int bits) {
  /** Empty if it is not an address literal, with or without a prefix length. */
  public static Optional<Network> parse(String text) {
    var slash = text.indexOf('/');
    var address = literal(slash < 0 ? text : text.substring(0, slash));
    try {
      var most = address.map(found -> found.getAddress().length * 8).orElse(0);
      var bits = slash < 0 ? most : Integer.parseInt(text.substring(slash + 1));
      return address.filter(_ -> bits >= 0 && bits <= most).map(found -> new Network(found, bits));
    } catch (NumberFormatException _) {
      return Optional.empty();
    }
  }

  /** An address literal, without asking a name server; never throws. */
  public static Optional<InetAddress> literal(String text) {
    try {
      return text.contains("%") ? Optional.empty() : Optional.of(InetAddress.ofLiteral(text));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  /** In CIDR notation. */
  public String text() {
    return address.getHostAddress() + "/" + bits;
  }

  public boolean contains(InetAddress other) {
    var mine = address.getAddress();
    var theirs = other.getAddress();
    if (mine.length != theirs.length) {
      return false;
    }
    for (var bit = 0; bit < bits; bit += 8) {
      var mask = bits - bit >= 8 ? 0xff : 0xff << (8 - (bits - bit)) & 0xff;
      if ((mine[bit / 8] & mask) != (theirs[bit / 8] & mask)) {
        return false;
      }
    }
    return true;
  }
}
