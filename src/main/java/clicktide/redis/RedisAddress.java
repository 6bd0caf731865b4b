package clicktide.redis;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The address of Redis, {@code redis://[user:password@]host:port[/database]}, or {@code rediss}
 * with TLS. {@code authorities} is a PEM file with the certificates of the authorities; empty
 * stands for those of the JDK.
 */
public record RedisAddress(URI uri, Optional<Path> authorities) {
  /** Returns true if the connection is encrypted. */
  public boolean isEncrypted() {
    return uri.getScheme().equals("rediss");
  }

  /** Returns a text without the password. */
  @Override
  public String toString() {
    return "RedisAddress[%s:%d]".formatted(uri.getHost(), uri.getPort());
  }
}
