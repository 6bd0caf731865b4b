package clicktide.redirect;

import clicktide.link.CampaignParameters;
import clicktide.link.Link;
import java.util.HexFormat;

/** The {@code Location} of a redirect, which can carry the query of the request. */
final class RedirectLocation {
  private static final int MAX_QUERY = 2_048; // characters
  private static final HexFormat HEX = HexFormat.of().withUpperCase();

  private RedirectLocation() {}

  /**
   * Returns the destination, with the query of the request if the link forwards it. The query loses
   * {@code qr=1}, and characters that no query can have are escaped (RFC 3986).
   */
  static String location(Link.Rules rules, String uri) {
    var mark = rules.forwardsQuery() ? uri.indexOf('?') : -1;
    if (mark < 0 || uri.length() - mark > MAX_QUERY) {
      return rules.destination();
    }
    var query = new StringBuilder();
    for (var pair : uri.substring(mark + 1).split("&", -1)) {
      if (!pair.isEmpty() && !pair.equals("qr=1")) {
        query.append(query.isEmpty() ? "" : "&").append(escaped(pair));
      }
    }
    return query.isEmpty() || query.length() > MAX_QUERY
        ? rules.destination()
        : CampaignParameters.withQuery(rules.destination(), query.toString());
  }

  private static String escaped(String pair) {
    var text = new StringBuilder(pair.length());
    for (var i = 0; i < pair.length(); i++) {
      var c = pair.charAt(i);
      if (c <= ' ' || c >= 0x7f || "\"#<>\\^`{|}".indexOf(c) >= 0) {
        text.append('%').append(HEX.toHexDigits((byte) c)); // a request line is bytes
      } else {
        text.append(c);
      }
    }
    return text.toString();
  }
}
