package clicktide.net;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;

/** A range of IP addresses. IPv4-mapped IPv6 addresses are IPv4. */
public record Network(InetAddress address, int bits) {
  private static final int SITE_BITS = 48;

  /** Reads CIDR notation, or one address without a prefix length; empty for other texts. */
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

  /** Reads an IP literal without asking a name server; empty for other texts and for zones. */
  public static Optional<InetAddress> literal(String text) {
    try {
      return text.contains("%") ? Optional.empty() : Optional.of(InetAddress.ofLiteral(text));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  /** Returns the network of that length around an address; empty if its addresses are shorter. */
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

  /**
   * Returns the network that an address is limited with: the IPv4 /24 or the IPv6 /64. Empty if the
   * address is no literal.
   */
  public static Optional<Network> ofClient(String address) {
    return literal(address)
        .flatMap(literal -> around(literal, literal instanceof Inet6Address ? 64 : 24));
  }

  /** Returns the IPv6 /48 around a longer IPv6 network, as sites get it (RFC 6177); else itself. */
  public Network site() {
    return address instanceof Inet6Address && bits > SITE_BITS
        ? around(address, SITE_BITS).orElseThrow()
        : this;
  }

  /** Returns the mask of a byte; {@code bits} of it or of later bytes belong to the network. */
  private static int mask(int bits) {
    return bits >= 8 ? 0xff : bits <= 0 ? 0 : 0xff << (8 - bits) & 0xff;
  }

  /** Returns the same range with its first address. */
  public Network normalized() {
    return around(address, bits).orElseThrow();
  }

  /** Returns CIDR notation. */
  public String text() {
    return address.getHostAddress() + "/" + bits;
  }

  public boolean contains(InetAddress other) {
    var first = address.getAddress();
    var tested = other.getAddress();
    if (first.length != tested.length) {
      return false;
    }
    for (var i = 0; i * 8 < bits; i++) {
      if (((first[i] ^ tested[i]) & mask(bits - i * 8)) != 0) {
        return false;
      }
    }
    return true;
  }
}
