package clicktide.store;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.Optional;

/**
 * Tickets for one use within a short time. Only their hashes are kept, so they cannot be stolen.
 */
public interface Tickets {
  /** Keeps a ticket with its holder until its life ends. */
  Future<Void> keep(String hash, String holder, Duration life);

  /** Deletes a ticket and returns its holder; empty if it was used, has expired or never was. */
  Future<Optional<String>> take(String hash);
}
