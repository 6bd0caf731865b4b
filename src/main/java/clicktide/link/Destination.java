package clicktide.link;

import clicktide.net.NetworkAddress;
import java.net.IDN;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Checks destinations of links (A7). A destination has the scheme http or https, a canonical host,
 * no user name and no control characters. It is neither private nor one of the product's own hosts.
 */
public final class Destination {
  private static final int LONGEST = 2048;
  private static final Pattern SCHEME = Pattern.compile("^([A-Za-z][A-Za-z0-9+.-]*):(//)?");
  private static final Pattern NUMERIC_LABEL = Pattern.compile("(0[xX][0-9a-fA-F]*|[0-9]+)");
  private static final Pattern HOST =
      Pattern.compile(
          "([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\\.)*[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?");

  private final Predicate<String> ownHosts;
  private final boolean privateAllowed;

  /**
   * {@code ownHosts} is true for hosts of short links. It gets them in lower case, without port.
   */
  public Destination(Predicate<String> ownHosts, boolean privateAllowed) {
    this.ownHosts = ownHosts;
    this.privateAllowed = privateAllowed;
  }

  /** The result of a check. */
  public sealed interface Check {
    /** The canonical form, ASCII only. */
    record Safe(String url) implements Check {}

    /** A stable code, and a sentence whose subject is {@code %s}, the name of the field. */
    record Unsafe(String code, String sentence) implements Check {}
  }

  public Check check(String text) {
    if (text.isEmpty() || text.length() > LONGEST) {
      return refused(
          "destination_length", "`%%s` must have 1 to %d characters.".formatted(LONGEST));
    }
    if (text.chars().anyMatch(c -> c <= ' ' || c == '\\' || Character.isISOControl(c))) {
      return refused(
          "destination_characters",
          "`%s` cannot contain spaces, backslashes or control characters.");
    }
    var scheme = SCHEME.matcher(text);
    if (!scheme.find() || !isWeb(scheme.group(1))) {
      return refused("scheme_not_allowed", "`%s` must begin with http:// or https://.");
    }
    if (scheme.group(2) == null) {
      return refused("destination_syntax", "`%s` must have two slashes after the scheme.");
    }
    return parse(scheme.group(1).toLowerCase(Locale.ROOT), text.substring(scheme.end()));
  }

  private Check parse(String scheme, String rest) {
    var end = firstOf(rest, "/?#");
    var authority = rest.substring(0, end);
    if (authority.contains("@")) {
      return refused("user_info_not_allowed", "`%s` cannot contain a user name or a password.");
    }
    try {
      var host = host(authority);
      if (host.isEmpty()) {
        return refused("destination_host", "`%s` must have a valid host.");
      }
      var path = rest.substring(end);
      var uri =
          new URI(
              scheme
                  + "://"
                  + canonical(host)
                  + port(authority)
                  + (path.startsWith("/") ? "" : "/")
                  + encoded(path));
      return judge(host, uri.toASCIIString());
    } catch (URISyntaxException | IllegalArgumentException _) {
      return refused("destination_syntax", "`%s` must be a valid URL.");
    }
  }

  private Check judge(String host, String url) {
    if (ownHosts.test(host)) {
      return refused("destination_is_ours", "`%s` cannot lead to a host of short links.");
    }
    if (!privateAllowed && NetworkAddress.isPrivate(host)) {
      return refused("destination_private", "`%s` cannot lead to a private or local address.");
    }
    return new Check.Safe(url);
  }

  private static String canonical(String host) {
    return host.contains(":") ? "[" + host + "]" : host;
  }

  /** The host in canonical form, an IPv6 literal without brackets, or empty if it is not valid. */
  static String host(String authority) {
    if (authority.startsWith("[")) {
      var close = authority.indexOf(']');
      return close < 0 ? "" : NetworkAddress.canonicalV6(authority.substring(1, close));
    }
    var colon = authority.indexOf(':');
    var name = ascii(colon < 0 ? authority : authority.substring(0, colon));
    var last = name.substring(name.lastIndexOf('.') + 1);
    if (NUMERIC_LABEL.matcher(last).matches()) {
      return NetworkAddress.canonicalV4(name); // 0x7f.1 and 2130706433 are addresses to a browser
    }
    return name.length() <= 253 && HOST.matcher(name).matches() ? name : "";
  }

  /** Returns the name in IDNA and lower case, without a dot at the end. */
  private static String ascii(String name) {
    var lower = IDN.toASCII(name, IDN.USE_STD3_ASCII_RULES).toLowerCase(Locale.ROOT);
    return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
  }

  private static String port(String authority) {
    var after = authority.substring(authority.lastIndexOf(']') + 1);
    var colon = after.indexOf(':');
    if (colon < 0 || colon == after.length() - 1) {
      return "";
    }
    var port = Integer.parseInt(after, colon + 1, after.length(), 10);
    if (port < 1 || port > 65_535) {
      throw new IllegalArgumentException("port out of range");
    }
    return ":" + port;
  }

  /** Escapes the characters that browsers accept and RFC 3986 does not. */
  private static String encoded(String path) {
    var text = new StringBuilder();
    for (var i = 0; i < path.length(); i++) {
      var c = path.charAt(i);
      if ("\"<>^`{|}".indexOf(c) >= 0
          || c == '%' && !isEscape(path, i)
          || c == '#' && path.indexOf('#') < i) {
        text.append("%%%02X".formatted((int) c));
      } else if ((c == '[' || c == ']') && path.lastIndexOf('?', i) < 0) {
        text.append("%%%02X".formatted((int) c));
      } else {
        text.append(c);
      }
    }
    return text.toString();
  }

  private static boolean isEscape(String text, int at) {
    return at + 2 < text.length()
        && Character.digit(text.charAt(at + 1), 16) >= 0
        && Character.digit(text.charAt(at + 2), 16) >= 0;
  }

  private static boolean isWeb(String scheme) {
    return scheme.equalsIgnoreCase("http") || scheme.equalsIgnoreCase("https");
  }

  private static int firstOf(String text, String stops) {
    for (var i = 0; i < text.length(); i++) {
      if (stops.indexOf(text.charAt(i)) >= 0) {
        return i;
      }
    }
    return text.length();
  }

  private static Check refused(String code, String sentence) {
    return new Check.Unsafe(code, sentence);
  }
}
