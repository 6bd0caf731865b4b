package clicktide.net;

import java.net.InetAddress;
import java.net.UnknownHostException;
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

  /** The network of that length that holds the address; empty if its addresses are shorter. */
  public static Optional<Network> around(InetAddress address, int bits) {
    var bytes = address.getAddress();
    if (bits > bytes.length * 8) {
      return Optional.empty();
    }
    for (var i = 0; i < bytes.length; i++) {
      bytes[i] &= (byte) mask(bits - i * 8);
    }
    try {
      return Optional.of(new Network(InetAddress.getByAddress(bytes), bits));
    } catch (UnknownHostException e) {
      throw new IllegalStateException("an address keeps its length", e);
    }
  }

  /** The mask of a byte of which so many bits, or more, or none, belong to the network. */
  private static int mask(int bits) {
    return bits >= 8 ? 0xff : bits <= 0 ? 0 : 0xff << (8 - bits) & 0xff;
  }

  /** The same one, named by its first address. */
  public Network normalized() {
    return around(address, bits).orElseThrow();
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
    for (var i = 0; i * 8 < bits; i++) {
      if (((mine[i] ^ theirs[i]) & mask(bits - i * 8)) != 0) {
        return false;
      }
    }
    return true;
  }
}
