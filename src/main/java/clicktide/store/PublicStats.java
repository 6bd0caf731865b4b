package clicktide.store;

import clicktide.link.Link;
import io.vertx.core.Future;
import java.util.Optional;

/** The links whose statistics are public. A link is private until its owner publishes it. */
public interface PublicStats {
  /** The hash of the password that a public page asks for; empty for a page without one. */
  record Visibility(Optional<String> passwordHash) {}

  /** Returns the same store with another author of its changes. */
  PublicStats by(Actor actor);

  /** Finds the visibility of a link; empty if it is private. */
  Future<Optional<Visibility>> find(long link);

  Future<Void> show(Link link, Visibility visibility);

  /** Makes the statistics private again. */
  Future<Void> hide(Link link);
}
