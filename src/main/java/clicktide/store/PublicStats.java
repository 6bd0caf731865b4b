package clicktide.store;

import clicktide.link.Link;
import io.vertx.core.Future;
import java.util.Optional;

/** Which links show their numbers to anybody: none, unless its owner wants it. */
public interface PublicStats {
  /** How a link shows them: to anybody, or to who knows a password of which this is the hash. */
  record Terms(Optional<String> hash) {}

  /** The same store, whose changes are written down as this actor's. */
  PublicStats by(Actor actor);

  /** Empty: it shows them to its owner alone. */
  Future<Optional<Terms>> find(long link);

  Future<Void> show(Link link, Terms terms);

  /** From now on to its owner alone. */
  Future<Void> hide(Link link);
}
