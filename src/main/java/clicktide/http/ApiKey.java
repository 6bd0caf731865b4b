package clicktide.http;

import clicktide.event.OwnerId;
import clicktide.event.Sha256;
import clicktide.store.Owners;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/**
 * An API key: {@code ct_}, a prefix of 12 characters to look it up by, {@code _}, and 256 random
 * bits. A random key of that length needs no slow hash.
 */
public record ApiKey(String prefix, String text) {
  private static final Pattern FORM = Pattern.compile("ct_([0-9A-Za-z]{12})_[0-9A-Za-z_-]{43}");

  /** Makes a new key; {@code random} must be secure. */
  public static ApiKey random(RandomGenerator random) {
    var prefix = base64(random, 18).replaceAll("[-_]", "x").substring(0, 12);
    return new ApiKey(prefix, "ct_" + prefix + "_" + base64(random, 32));
  }

  /** Reads the text of a key; empty if it does not have the form of one. */
  public static Optional<ApiKey> parse(String text) {
    var matcher = FORM.matcher(text);
    return matcher.matches() ? Optional.of(new ApiKey(matcher.group(1), text)) : Optional.empty();
  }

  /** Returns the form in which the store keeps the key: its prefix and its hash. */
  public Owners.Key stored(OwnerId owner, Owners.Terms terms) {
    return new Owners.Key(prefix, hexHash(text), owner, terms);
  }

  /** Returns the stored form of an owner's first key, with every scope and without an end. */
  public Owners.Key first(OwnerId owner) {
    return stored(owner, new Owners.Terms("first", Owners.Scope.ofOwner(), Optional.empty()));
  }

  /** Compares with a stored hash, in constant time. */
  public boolean matches(String hash) {
    return MessageDigest.isEqual(hash(text), HexFormat.of().parseHex(hash));
  }

  /** Returns the SHA-256 digest of a key's text. */
  public static byte[] hash(String text) {
    return Sha256.of(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Returns the digest as stores keep it, in hexadecimal. */
  public static String hexHash(String text) {
    return HexFormat.of().formatHex(hash(text));
  }

  private static String base64(RandomGenerator random, int length) {
    var bytes = new byte[length];
    random.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /** Returns the prefix only, so that no log contains the key by accident. */
  @Override
  public String toString() {
    return "ct_" + prefix + "_…";
  }
}
