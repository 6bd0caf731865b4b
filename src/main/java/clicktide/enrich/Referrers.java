package clicktide.enrich;

import com.google.common.net.InternetDomainName;
import java.net.URI;
import java.util.Locale;

/** The site of a referrer: its registrable domain by the public suffix list. */
public final class Referrers {
  private Referrers() {}

  /** Returns an empty text without a referrer or for one that is no web address. Never throws. */
  public static String domain(String referrer) {
    if (referrer.isEmpty()) {
      return "";
    }
    try {
      var host = URI.create(referrer).getHost();
      if (host == null) {
        return "";
      }
      var lower = host.toLowerCase(Locale.ROOT);
      if (!InternetDomainName.isValid(lower)) {
        return lower; // an address
      }
      var name = InternetDomainName.from(lower);
      return name.isUnderRegistrySuffix() ? name.topDomainUnderRegistrySuffix().toString() : lower;
    } catch (IllegalArgumentException | IllegalStateException _) {
      return "";
    }
  }
}
