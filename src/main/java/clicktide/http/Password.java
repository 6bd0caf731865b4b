package clicktide.http;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.random.RandomGenerator;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * Hashes of passwords: PBKDF2 with HMAC-SHA-256 (RFC 8018) and a salt, as {@code
 * iterations$salt$hash}. A hash takes about 0.1 s of processor time.
 */
public final class Password {
  private static final int ITERATIONS = 210_000;
  private static final int BITS = 256;

  private Password() {}

  /** Returns the stored form of a password; {@code random} makes the salt. */
  public static String hash(String password, RandomGenerator random) {
    var salt = new byte[16];
    random.nextBytes(salt);
    return "%d$%s$%s"
        .formatted(ITERATIONS, base64(salt), base64(derived(password, salt, ITERATIONS)));
  }

  /** Compares a password with a stored form, in constant time. */
  public static boolean matches(String password, String stored) {
    var parts = stored.split("\\$", -1);
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
