package clicktide.http;

import clicktide.event.OwnerId;
import clicktide.event.Sha256;
import clicktide.store.Owners;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * An API key: {@code ct_}, a prefix of 12 characters to look it up by, {@code _}, and 256 random
 * bits. A random key of that length needs no slow hash.
 */
public record ApiKey(String prefix, String text) {
  private static final Pattern FORM = Pattern.compile("ct_([0-9A-Za-z]{12})_[0-9A-Za-z_-]{43}");
  private static final SecureRandom RANDOM = new SecureRandom();

  public static ApiKey random() {
    var prefix = base64(18).replaceAll("[-_]", "x").substring(0, 12);
    return new ApiKey(prefix, "ct_" + prefix + "_" + base64(32));
  }

  public static Optional<ApiKey> parse(String text) {
    var matcher = FORM.matcher(text);
    return matcher.matches() ? Optional.of(new ApiKey(matcher.group(1), text)) : Optional.empty();
  }

  /** What the store holds of it. */
  public Owners.Key stored(OwnerId owner, Owners.Terms terms) {
    return new Owners.Key(prefix, HexFormat.of().formatHex(hash(text)), owner, terms);
  }

  /** The first key of an owner, which may do everything for ever. */
  public Owners.Key first(OwnerId owner) {
    return stored(owner, new Owners.Terms("first", Owners.Scope.ofOwner(), Optional.empty()));
  }

  /** In constant time. */
  public boolean matches(String hash) {
    return MessageDigest.isEqual(hash(text), HexFormat.of().parseHex(hash));
  }

  /** SHA-256 of a key's text. */
  public static byte[] hash(String text) {
    return Sha256.of(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String base64(int bytes) {
    var random = new byte[bytes];
    RANDOM.nextBytes(random);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(random);
  }

  /** Never the key itself, so that it cannot reach a log by accident. */
  @Override
  public String toString() {
    return "ct_" + prefix + "_…";
  }
}
