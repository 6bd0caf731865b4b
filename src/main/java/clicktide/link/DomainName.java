package clicktide.link;

import java.net.URI;
import java.util.Optional;
import java.util.regex.Pattern;

/** Domains that serve short links of one owner: host names in lower case, IDNA as ASCII. */
public final class DomainName {
  private static final int LONGEST = 253;
  private static final Pattern CANONICAL = Pattern.compile("[a-z0-9]([a-z0-9._-]*[a-z0-9])?");

  private DomainName() {}

  /** Whether it is written as codes have it. */
  public static boolean isCanonical(String text) {
    return text.length() <= LONGEST && CANONICAL.matcher(text).matches();
  }

  /** The domain that a text names; empty if it is none, or an address. */
  public static Optional<String> parse(String text) {
    try {
      return Optional.of(Destination.host(text))
          .filter(host -> !text.contains(":") && isCanonical(host))
          .filter(host -> !Character.isDigit(host.charAt(host.lastIndexOf('.') + 1)));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  /** The URL that leads to a code. A domain stands for the host of the public URL. */
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
