package clicktide.store;

import clicktide.event.OwnerId;
import clicktide.link.Link;
import clicktide.net.Network;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** The mapping store: links by code. It never holds a counter (A5). */
public interface Links {
  /** What a new link is to be; {@code code} empty: one is made. */
  record Draft(OwnerId owner, Optional<String> code, Link.Rules rules, Link.Notes notes) {}

  /** The same store, whose changes are written down as this actor's. */
  Links by(Actor actor);

  /**
   * Fails with {@link Taken} when somebody has, or ever had, the code, or the owner has another
   * link with the external id.
   */
  Future<Link> create(Draft draft);

  /** What another shortener had counted for a link before it came here; in no number of ours. */
  record Opening(long clicks, String source) {}

  /**
   * Makes those whose codes and external ids are free; each names its code. {@code openings} are by
   * code.
   */
  Future<List<Link>> createAll(List<Draft> drafts, Map<String, Opening> openings);

  /** Links with one of these codes, whosever, and the owner's with one of these external ids. */
  Future<List<Link>> named(OwnerId owner, List<String> codes, List<String> externalIds);

  /** What was counted elsewhere before. */
  Future<Optional<Opening>> opening(long link);

  /** The link, deleted ones included. */
  Future<Optional<Link>> find(String code);

  /** An owner's link by the name that another system has for it; no deleted one. */
  Future<Optional<Link>> findExternal(OwnerId owner, String externalId);

  /**
   * Gives a link new rules and notes, if nobody changed it since it was read; otherwise empty.
   * Active is made exhausted where the limit is reached already. Fails with {@link Taken} like
   * {@link #create}.
   */
  Future<Optional<Link>> change(Link link, Link.Rules rules, Link.Notes notes);

  /** The networks whose clicks their owners do not want counted; owners without any are absent. */
  Future<Map<OwnerId, List<Network>>> ownNetworks();

  /**
   * Which links to list: an owner's that are not deleted, with ids below {@code before}; a text in
   * the code, the title or the destination, without regard to case; all of these tags; a state; a
   * domain. Those without a name are not among them.
   */
  record Search(
      OwnerId owner,
      long before,
      Optional<String> text,
      List<String> tags,
      Optional<Link.State> state,
      Optional<String> domain) {
    /** From the newest on. */
    public static Search all(OwnerId owner) {
      return new Search(
          owner, Long.MAX_VALUE, Optional.empty(), List.of(), Optional.empty(), Optional.empty());
    }
  }

  /** What meets unknown names on the domains of an owner, by domain; no deleted one. */
  Future<List<Link>> domains(OwnerId owner);

  /** Newest first. */
  Future<List<Link>> list(Search search, int limit);

  /**
   * Hands over every link that changed at {@code since} or later, deleted ones included. A change
   * becomes visible at its commit, a little after its time: so those of the time {@code again}
   * before are handed over once more while they are young. Succeeds with the newest change's time,
   * for the next call.
   */
  Future<Instant> changedSince(Instant since, Duration again, Consumer<Link> consumer);

  /** The code was used before, or the external id is in use. */
  final class Taken extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final boolean isCode;

    public Taken(boolean isCode) {
      super(isCode ? "the code is taken" : "the external id is in use", null, false, false);
      this.isCode = isCode;
    }

    /** Whether it is the code; else it is the external id. */
    public boolean isCode() {
      return isCode;
    }
  }
}
