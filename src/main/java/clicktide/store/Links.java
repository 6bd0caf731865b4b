package clicktide.store;

import clicktide.event.OwnerId;
import clicktide.link.Domain;
import clicktide.link.DomainDraft;
import clicktide.link.Link;
import clicktide.link.LinkDraft;
import clicktide.net.Network;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** The mapping store: links by code. It never holds a counter (A5). For any thread. */
public interface Links {
  /** Returns the same store with another author of its changes. */
  Links by(Actor actor);

  /** Creates a link. A code belongs to its first link for ever, also after that was deleted. */
  Future<Creation> create(LinkDraft draft);

  /** The result of creating a link. */
  sealed interface Creation
      permits LinkCreated, CodeTaken, ExternalIdTaken, QuotaExceeded, Actor.Repeat {
    /** Returns the link if it was created now. */
    default Optional<Link> created() {
      return switch (this) {
        case LinkCreated(Link link) -> Optional.of(link);
        case CodeTaken _, ExternalIdTaken _, QuotaExceeded _, Actor.Repeat _ -> Optional.empty();
      };
    }
  }

  /** The link was created. */
  record LinkCreated(Link link) implements Creation {}

  /** A link has or had the code. */
  record CodeTaken() implements Creation {}

  /** Another link of the owner has the external id. */
  record ExternalIdTaken() implements Creation, Change {}

  /**
   * The owner has as many links as its quota allows. Deleted links count, since their codes are
   * never given again.
   */
  record QuotaExceeded() implements Creation {}

  /** The clicks that another shortener had counted for an imported link. They are in no total. */
  record Opening(long clicks, String source) {}

  /**
   * Creates the links whose codes and external ids are free. The drafts are of one owner, and each
   * has a code. {@code openings} are by code.
   */
  Future<CreatedLinks> createAll(List<LinkDraft> drafts, Map<String, Opening> openings);

  /**
   * The links that were created. The quota of the owner had no room for the last {@code overQuota}
   * drafts.
   */
  record CreatedLinks(List<Link> links, int overQuota) {}

  /**
   * Finds links of every owner with one of these codes, deleted ones included, and the owner's
   * links with one of these external ids.
   */
  Future<List<Link>> named(OwnerId owner, List<String> codes, List<String> externalIds);

  /** Finds the opening balance of an imported link. */
  Future<Optional<Opening>> opening(long link);

  /** Finds a link by its code, deleted ones included. */
  Future<Optional<Link>> find(String code);

  /** Finds an owner's link by its external id; no deleted one. */
  Future<Optional<Link>> findExternal(OwnerId owner, String externalId);

  /**
   * Gives a link new rules and notes. An active link becomes exhausted if its click limit is
   * reached already.
   */
  Future<Change> change(Link link, Link.Rules rules, Link.Notes notes);

  /** The result of changing a link. */
  sealed interface Change permits LinkChanged, Outdated, ExternalIdTaken {
    /** Returns the link if it was changed. */
    default Optional<Link> changed() {
      return switch (this) {
        case LinkChanged(Link link) -> Optional.of(link);
        case Outdated _, ExternalIdTaken _ -> Optional.empty();
      };
    }
  }

  /** The link was changed. */
  record LinkChanged(Link link) implements Change {}

  /** The store has another version than the caller has read. Nothing was written. */
  record Outdated() implements Change, DomainWrite {}

  /** Finds a domain by its name, deleted ones included. */
  Future<Optional<Domain>> domain(String name);

  /** Lists an owner's domains by name, without deleted ones. */
  Future<List<Domain>> domains(OwnerId owner);

  /**
   * Stores both pages of a domain in one transaction. {@code known} is the domain as the caller has
   * read it, empty for a name that was never stored. A page whose rules stay keeps its version.
   */
  Future<DomainWrite> put(DomainDraft draft, Optional<Domain> known);

  /** The result of storing a domain. */
  sealed interface DomainWrite permits DomainStored, NameTaken, Outdated {}

  /** The domain was stored. */
  record DomainStored(Domain domain) implements DomainWrite {}

  /** An owner has or had a domain of this name. */
  record NameTaken() implements DomainWrite {}

  /**
   * Returns a text that changes whenever the store may have lost changes: it was restarted,
   * restored or replaced. Then its links are true, also where a copy has newer versions.
   */
  Future<String> incarnation();

  /** Returns the networks whose clicks their owners exclude; owners without any are absent. */
  Future<Map<OwnerId, List<Network>>> ownNetworks();

  /**
   * Selects links of an owner with ids below {@code before}. The text is part of the code, the
   * title or the destination, in any case. A link has all of the tags. Deleted links and pages of
   * domains are never selected.
   */
  record Search(
      OwnerId owner,
      long before,
      Optional<String> text,
      List<String> tags,
      Optional<Link.State> state,
      Optional<String> domain) {
    /** Selects every link of an owner. */
    public static Search all(OwnerId owner) {
      return new Search(
          owner, Long.MAX_VALUE, Optional.empty(), List.of(), Optional.empty(), Optional.empty());
    }

    /** Selects the same links with ids below {@code other}. */
    public Search before(long other) {
      return new Search(owner, other, text, tags, state, domain);
    }

    public Search text(String other) {
      return new Search(owner, before, Optional.of(other), tags, state, domain);
    }

    public Search tags(String... others) {
      return new Search(owner, before, text, List.of(others), state, domain);
    }

    public Search state(Link.State other) {
      return new Search(owner, before, text, tags, Optional.of(other), domain);
    }

    public Search domain(String name) {
      return new Search(owner, before, text, tags, state, Optional.of(name));
    }
  }

  /**
   * Lists links, the newest first. A call reads at most {@link #MAX_SCANNED} links of the owner.
   */
  Future<LinkListing> list(Search search, int limit);

  /** The links that one call of {@link #list} reads at most, whether they are selected or not. */
  int MAX_SCANNED = 50_000;

  /**
   * A part of a list, perhaps empty. The next part has the links with ids below {@code next}, which
   * is empty for the last part.
   */
  record LinkListing(List<Link> links, Optional<Long> next) {
    /** Makes a listing of up to one link more than it may have. */
    public static LinkListing of(List<Link> found, int limit) {
      return found.size() > limit
          ? new LinkListing(found.subList(0, limit), Optional.of(found.get(limit - 1).id()))
          : new LinkListing(found, Optional.empty());
    }
  }

  /**
   * Hands over every link that changed at {@code since} or later, deleted ones included. A change
   * becomes visible at its commit, a little after its time. So changes of the time {@code again}
   * before are handed over once more while they are young. Returns the time of the newest change,
   * for the next call. Fails if the store has another incarnation than the given one.
   */
  Future<Instant> changedSince(
      String incarnation, Instant since, Duration again, Consumer<Link> consumer);
}
