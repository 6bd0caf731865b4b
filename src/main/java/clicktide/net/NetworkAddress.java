package clicktide.net;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.List;
import java.util.Locale;

/** IP literals in URLs, as browsers read them. No method asks a name server. */
public final class NetworkAddress {
  /** IPv4 ranges that are not globally reachable (RFC 6890 and its successors). */
  private static final List<AddressRange> SPECIAL =
      List.of(
          new AddressRange(0, 8),
          new AddressRange(10, 0, 8),
          new AddressRange(100, 64, 10),
          new AddressRange(127, 0, 8),
          new AddressRange(169, 254, 16),
          new AddressRange(172, 16, 12),
          new AddressRange(192, 0, 24),
          new AddressRange(192, 168, 16),
          new AddressRange(198, 18, 15),
          new AddressRange(224, 0, 4),
          new AddressRange(240, 0, 4));

  private NetworkAddress() {}

  private record AddressRange(int first, int second, int bits) {
    AddressRange(int first, int bits) {
      this(first, 0, bits);
    }

    boolean holds(byte[] address) {
      var value = (address[0] & 0xff) << 24 | (address[1] & 0xff) << 16 | (address[2] & 0xff) << 8;
      return value >>> (32 - bits) == (first << 24 | second << 16) >>> (32 - bits);
    }
  }

  /**
   * Returns true for private, loopback, link-local, multicast and other special addresses, and for
   * names of the local network. The host must be canonical.
   */
  public static boolean isPrivate(String host) {
    var name = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
    if (name.equals("localhost")
        || name.endsWith(".localhost")
        || name.endsWith(".local")
        || name.endsWith(".internal")) {
      return true;
    }
    var isLiteral =
        name.contains(":")
            || !name.isEmpty()
                && Character.isDigit(name.charAt(name.length() - 1))
                && !canonicalV4(name).isEmpty();
    return isLiteral
        ? Network.literal(name).map(NetworkAddress::isSpecial).orElse(true)
        : !name.contains("."); // a name without a dot belongs to the local network
  }

  private static boolean isSpecial(InetAddress address) {
    var bytes = address.getAddress();
    if (!(address instanceof Inet6Address)) {
      return SPECIAL.stream().anyMatch(range -> range.holds(bytes));
    }
    var unique = (bytes[0] & 0xfe) == 0xfc; // fc00::/7
    var translated = bytes[0] == 0 && bytes[1] == 0x64 && (bytes[2] & 0xff) == 0xff; // 64:ff9b::/96
    var sixToFour = bytes[0] == 0x20 && bytes[1] == 0x02; // 2002::/16 holds an IPv4 address
    return unique
        || translated
        || sixToFour
        || address.isAnyLocalAddress()
        || address.isLoopbackAddress()
        || address.isLinkLocalAddress()
        || address.isSiteLocalAddress()
        || address.isMulticastAddress()
        || bytes[0] == 0;
  }

  /** Returns the canonical form of an IPv6 literal, IPv4 for a mapped one; otherwise empty. */
  public static String canonicalV6(String text) {
    return text.contains(":")
        ? Network.literal(text).map(InetAddress::getHostAddress).orElse("")
        : "";
  }

  /**
   * Returns the dotted form of 1 to 4 decimal, octal or hexadecimal parts (WHATWG URL); otherwise
   * empty.
   */
  public static String canonicalV4(String text) {
    var parts = (text.endsWith(".") ? text.substring(0, text.length() - 1) : text).split("\\.", -1);
    if (parts.length > 4) {
      return "";
    }
    var value = 0L;
    for (var i = 0; i < parts.length; i++) {
      var part = part(parts[i]);
      var last = i == parts.length - 1;
      var bytes = last ? 5 - parts.length : 1;
      if (part < 0 || part >= 1L << (8 * bytes)) {
        return "";
      }
      value = value << (8 * bytes) | part;
    }
    return "%d.%d.%d.%d"
        .formatted(value >> 24, value >> 16 & 0xff, value >> 8 & 0xff, value & 0xff);
  }

  private static long part(String text) {
    var lower = text.toLowerCase(Locale.ROOT);
    try {
      if (lower.startsWith("0x")) {
        return lower.length() == 2 ? 0 : Long.parseUnsignedLong(lower.substring(2), 16);
      }
      return lower.length() > 1 && lower.startsWith("0")
          ? Long.parseLong(lower, 8)
          : Long.parseLong(lower);
    } catch (NumberFormatException _) {
      return -1;
    }
  }
}
