package clicktide.link;

import java.net.URI;
import java.util.Optional;
import java.util.regex.Pattern;

/** Host names of domains in canonical form: lower case, IDNA as ASCII, 1 to 253 characters. */
public final class DomainName {
  private static final int LONGEST = 253;
  private static final Pattern CANONICAL = Pattern.compile("[a-z0-9]([a-z0-9._-]*[a-z0-9])?");

  private DomainName() {}

  /** Returns true for a name in the form that codes use. */
  public static boolean isCanonical(String text) {
    return text.length() <= LONGEST && CANONICAL.matcher(text).matches();
  }

  /** Returns the canonical form of a host name; empty for an address or an invalid name. */
  public static Optional<String> parse(String text) {
    try {
      return Optional.of(Destination.host(text))
          .filter(host -> !text.contains(":") && isCanonical(host))
          .filter(host -> !Character.isDigit(host.charAt(host.lastIndexOf('.') + 1)));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  /** Returns the URL of a code. The domain of the code replaces the host of the public URL. */
  public static String shortUrl(URI publicUrl, String code) {
    var path = "/" + Code.name(code);
    return Code.domain(code)
        .map(
            domain ->
                publicUrl.getScheme()
                    + "://"
                    + domain
                    + (publicUrl.getPort() < 0 ? "" : ":" + publicUrl.getPort())
                    + path)
        .orElseGet(() -> publicUrl.resolve(path).toString());
  }
}
