package clicktide.link;

import java.security.SecureRandom;

/** Short codes: 1 to 32 of {@code 0-9A-Za-z_-}; case counts. */
public final class Code {
  /** Without look-alikes, so that a code can be read aloud. 56^8 is about 10^14. */
  private static final String ALPHABET =
      "23456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

  private static final int LENGTH = 8;
  private static final int LONGEST = 32;
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

  public static boolean isValid(String text) {
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

  private static boolean isAllowed(char c) {
    return c >= '0' && c <= '9'
        || c >= 'A' && c <= 'Z'
        || c >= 'a' && c <= 'z'
        || c == '_'
        || c == '-';
  }
}
