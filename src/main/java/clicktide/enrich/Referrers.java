package clicktide.enrich;

import com.google.common.net.InternetDomainName;
import java.net.URI;
import java.util.Locale;

/** The site that a referrer belongs to: its domain below a public suffix. */
final class Referrers {
  private Referrers() {}

  /** Empty for no referrer or one that is not of the web; never throws. */
  static String domain(String referrer) {
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
