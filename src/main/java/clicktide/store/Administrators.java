package clicktide.store;

import io.vertx.core.Future;

/** The administrator's keys that the installation has registered, as hashes. */
@FunctionalInterface
public interface Administrators {
  /** Returns true if this is the SHA-256 of a registered key, in hexadecimal. */
  Future<Boolean> has(String hash);
}
