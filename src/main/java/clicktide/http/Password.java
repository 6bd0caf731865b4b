package clicktide.http;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * Passwords that people choose, kept as PBKDF2 with HMAC-SHA-256 (RFC 8018) and a salt: {@code
 * iterations$salt$hash}. Making or trying one takes about a tenth of a second of a processor.
 */
public final class Password {
  private static final int ITERATIONS = 210_000;
  private static final int BITS = 256;
  private static final SecureRandom RANDOM = new SecureRandom();

  private Password() {}

  /** What is kept of it. */
  public static String hash(String password) {
    var salt = new byte[16];
    RANDOM.nextBytes(salt);
    return "%d$%s$%s"
        .formatted(ITERATIONS, base64(salt), base64(derived(password, salt, ITERATIONS)));
  }

  /** Whether it is the one of which this was kept. In constant time. */
  public static boolean matches(String password, String kept) {
    var parts = kept.split("\\$", -1);
    var salt = Base64.getDecoder().decode(parts[1]);
    var derived = derived(password, salt, Integer.parseInt(parts[0]));
    return MessageDigest.isEqual(derived, Base64.getDecoder().decode(parts[2]));
  }

  private static byte[] derived(String password, byte[] salt, int iterations) {
    var spec = new PBEKeySpec(password.toCharArray(), salt, iterations, BITS);
    try {
      return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256").generateSecret(spec).getEncoded();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the Java platform has PBKDF2", e);
    }
  }

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }
}
