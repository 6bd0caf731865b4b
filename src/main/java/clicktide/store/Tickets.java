package clicktide.store;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.Optional;

/** Things that open once and not for long. Holds hashes of tickets, so reading it opens nothing. */
public interface Tickets {
  Future<Void> keep(String hash, String holder, Duration life);

  /** The holder, the first time only. */
  Future<Optional<String>> take(String hash);
}
