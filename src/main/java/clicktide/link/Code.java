package clicktide.link;

import java.security.SecureRandom;
import java.util.Optional;

/**
 * Short codes: a name of 1 to 32 of {@code 0-9A-Za-z_-}, where case counts, or {@code name@domain}
 * for a link on a domain of its owner. Two codes of every domain have no name: {@code @domain} is
 * its front page, and {@code *@domain} is met by who asks for a name that it does not have.
 */
public final class Code {
  /** Without look-alikes, so that a code can be read aloud. 56^8 is about 10^14. */
  private static final String ALPHABET =
      "23456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

  private static final int LENGTH = 8;
  private static final int LONGEST = 32;
  private static final String UNKNOWN = "*";
  private static final SecureRandom RANDOM = new SecureRandom();

  private Code() {}

  /** A new code that cannot be guessed. */
  public static String random() {
    return RANDOM
        .ints(LENGTH, 0, ALPHABET.length())
        .collect(
            StringBuilder::new,
            (text, index) -> text.append(ALPHABET.charAt(index)),
            StringBuilder::append)
        .toString();
  }

  /** Whether it can be a code of any kind. */
  public static boolean isValid(String text) {
    var at = text.indexOf('@');
    return at < 0
        ? isName(text)
        : DomainName.isCanonical(text.substring(at + 1))
            && (isName(text.substring(0, at)) || isNameless(text));
  }

  /** Whether it is a name, which is the whole code where there is no domain. */
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

  public static String front(String domain) {
    return on("", domain);
  }

  public static String unknown(String domain) {
    return on(UNKNOWN, domain);
  }

  public static String name(String code) {
    var at = code.indexOf('@');
    return at < 0 ? code : code.substring(0, at);
  }

  public static Optional<String> domain(String code) {
    var at = code.indexOf('@');
    return at < 0 ? Optional.empty() : Optional.of(code.substring(at + 1));
  }

  /** Whether it is what a domain answers where no name was asked for, or none that it has. */
  public static boolean isNameless(String code) {
    return code.startsWith("@") || isUnknown(code);
  }

  /** Whether it stands for all names that a domain does not have. */
  public static boolean isUnknown(String code) {
    return code.startsWith(UNKNOWN + "@");
  }

  private static boolean isAllowed(char c) {
    return c >= '0' && c <= '9'
        || c >= 'A' && c <= 'Z'
        || c >= 'a' && c <= 'z'
        || c == '_'
        || c == '-';
  }
}
