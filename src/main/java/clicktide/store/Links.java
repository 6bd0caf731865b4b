package clicktide.store;

import clicktide.event.OwnerId;
import clicktide.link.Link;
import clicktide.link.Network;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** The mapping store: links by code. It never holds a counter (A5). */
public interface Links {
  /** What a new link is to be; {@code code} empty: one is made. */
  record Draft(OwnerId owner, Optional<String> code, Link.Rules rules) {}

  /** Fails with {@link Taken} when somebody has, or ever had, the code. */
  Future<Link> create(Draft draft);

  /** The link, deleted ones included. */
  Future<Optional<Link>> find(String code);

  /** Gives a link new rules, if nobody changed it since it was read; otherwise empty. */
  Future<Optional<Link>> change(Link link, Link.Rules rules);

  /** The networks whose clicks their owners do not want counted; owners without any are absent. */
  Future<Map<OwnerId, List<Network>>> ownNetworks();

  /** Links of an owner that are not deleted, newest first, with ids below {@code before}. */
  Future<List<Link>> list(OwnerId owner, long before, int limit);

  /**
   * Hands over every link that changed since shortly before {@code since}, deleted ones included,
   * some of them again. Succeeds with the newest change's time, for the next call.
   */
  Future<Instant> changedSince(Instant since, Consumer<Link> consumer);

  /** The code was used before. */
  final class Taken extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public Taken(String code) {
      super("the code %s is taken".formatted(code));
    }
  }
}
