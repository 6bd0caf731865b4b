package clicktide.link;

import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Short codes. A code is a name of 1 to 32 characters of {@code 0-9A-Za-z_-}, where case counts. A
 * link on a domain of its owner has the code {@code name@domain}. A {@link Domain} has two more
 * codes: {@code @domain} is its front page, {@code *@domain} handles requests for names that do not
 * exist on the domain.
 */
public final class Code {
  /** Without look-alikes, so that a code can be read aloud. 56^8 is about 10^14. */
  private static final String ALPHABET =
      "23456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

  private static final int LENGTH = 8;
  private static final int LONGEST = 32;

  private Code() {}

  /** Returns a name of 8 characters, unguessable if the generator is secure. */
  public static String random(RandomGenerator random) {
    return random
        .ints(LENGTH, 0, ALPHABET.length())
        .collect(
            StringBuilder::new,
            (text, index) -> text.append(ALPHABET.charAt(index)),
            StringBuilder::append)
        .toString();
  }

  /** Returns true for a code of a link or of a domain's page. */
  public static boolean isValid(String text) {
    var at = text.indexOf('@');
    return at < 0
        ? isName(text)
        : DomainName.isCanonical(text.substring(at + 1))
            && (isName(text.substring(0, at)) || Domain.isPage(text));
  }

  /** Returns true for a code that a link can have, with or without a domain. */
  public static boolean isForLink(String text) {
    return isValid(text) && !Domain.isPage(text);
  }

  /** Returns true for a name, which is a whole code where there is no domain. */
  public static boolean isName(String text) {
    if (text.isEmpty() || text.length() > LONGEST) {
      return false;
    }
    for (var i = 0; i < text.length(); i++) {
      if (!isAllowed(text.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  public static String on(String name, String domain) {
    return name + "@" + domain;
  }

  public static String name(String code) {
    var at = code.indexOf('@');
    return at < 0 ? code : code.substring(0, at);
  }

  public static Optional<String> domain(String code) {
    var at = code.indexOf('@');
    return at < 0 ? Optional.empty() : Optional.of(code.substring(at + 1));
  }

  private static boolean isAllowed(char c) {
    return c >= '0' && c <= '9'
        || c >= 'A' && c <= 'Z'
        || c >= 'a' && c <= 'z'
        || c == '_'
        || c == '-';
  }
}
