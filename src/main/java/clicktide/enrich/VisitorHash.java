package clicktide.enrich;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Function;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The first 64 bits of HMAC-SHA256 over an IPv4 address or an IPv6 /64, under the key of the
 * event's UTC day. A visitor before and after 00:00 UTC counts as two.
 */
public final class VisitorHash {
  private static final String ALGORITHM = "HmacSHA256";
  private static final int V6_PREFIX_BYTES = 8;

  private final Function<LocalDate, Optional<byte[]>> keys;

  public VisitorHash(Function<LocalDate, Optional<byte[]>> keys) {
    this.keys = keys;
  }

  /** Returns the key of a day, empty if it was deleted. */
  Optional<byte[]> key(LocalDate day) {
    return keys.apply(day);
  }

  /** Returns the hash, which is never 0. */
  static long of(InetAddress address, byte[] key) {
    try {
      var mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(key, ALGORITHM));
      var bytes = address.getAddress();
      var identifying =
          address instanceof Inet6Address ? Arrays.copyOf(bytes, V6_PREFIX_BYTES) : bytes;
      return ByteBuffer.wrap(mac.doFinal(identifying)).getLong() | 1;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has HmacSHA256", e);
    }
  }
}
