package clicktide.store;

import clicktide.event.OwnerId;
import clicktide.link.Code;
import clicktide.link.Domain;
import clicktide.link.DomainDraft;
import clicktide.link.Link;
import clicktide.link.LinkDraft;
import clicktide.net.Network;
import io.vertx.core.Future;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;

/** Links in memory, with a clock that each write moves by a millisecond. For any thread. */
public final class MemoryLinks implements Links {
  private final Actor actor;
  private final Content content;

  /** The content, which the store shares with its copies for other actors. */
  private static final class Content {
    private final Map<String, Link> byCode = new HashMap<>();
    private final Map<OwnerId, List<Network>> ownNetworks = new HashMap<>();
    private final Map<Long, Opening> openings = new HashMap<>();
    private final Map<String, Actor.Once> claims = new HashMap<>();
    private final Random random = new Random(7);
    private int quota = Integer.MAX_VALUE;
    private Instant now = Instant.parse("2026-05-03T12:00:00Z");
    private long ids;
    private int incarnation = 1;
    private boolean isUnavailable;

    private Instant tick() {
      now = now.plusMillis(1);
      return now;
    }
  }

  public MemoryLinks() {
    this(Actor.CLICKTIDE, new Content());
  }

  private MemoryLinks(Actor actor, Content content) {
    this.actor = actor;
    this.content = content;
  }

  /** Excludes networks from the counts of an owner. */
  public void own(OwnerId owner, Network... networks) {
    synchronized (content) {
      content.ownNetworks.put(owner, List.of(networks));
    }
  }

  /** Limits the links of each owner. */
  public void limit(int quota) {
    synchronized (content) {
      content.quota = quota;
    }
  }

  /** Goes back to these links, as after a restore. */
  public void restore(Collection<Link> links) {
    synchronized (content) {
      content.byCode.clear();
      links.forEach(link -> content.byCode.put(link.code(), link));
      content.incarnation++;
    }
  }

  private int room(OwnerId owner) {
    var links = all().stream().filter(link -> link.owner().equals(owner)).count();
    return (int) Math.max(0, content.quota - links);
  }

  /** Lets every later query fail. */
  public void goAway() {
    synchronized (content) {
      content.isUnavailable = true;
    }
  }

  private <T> Future<T> answer(T value) {
    synchronized (content) {
      return content.isUnavailable
          ? Future.failedFuture(new IOException("the store is unavailable"))
          : Future.succeededFuture(value);
    }
  }

  private List<Link> all() {
    synchronized (content) {
      return List.copyOf(content.byCode.values());
    }
  }

  @Override
  public Links by(Actor other) {
    return new MemoryLinks(other, content);
  }

  @Override
  public Future<Creation> create(LinkDraft draft) {
    synchronized (content) {
      return answer(
          repeat().orElseGet(() -> room(draft.owner()) > 0 ? created(draft) : new QuotaExceeded()));
    }
  }

  /** The earlier call with the same idempotency key. */
  private Optional<Creation> repeat() {
    for (var claim : content.claims.entrySet()) {
      var once = actor.once().filter(key -> key.key().equals(claim.getValue().key()));
      if (once.isPresent()) {
        return Optional.of(
            once.get().equals(claim.getValue())
                ? new Actor.Replayed(claim.getKey())
                : new Actor.KeyReused());
      }
    }
    return Optional.empty();
  }

  private Creation created(LinkDraft draft) {
    var code = draft.code().orElseGet(() -> Code.random(content.random));
    if (content.byCode.containsKey(code)) {
      return new CodeTaken();
    }
    if (isTaken(draft.owner(), 0, draft.notes())) {
      return new ExternalIdTaken();
    }
    var now = content.tick();
    var link =
        new Link(++content.ids, code, draft.owner(), draft.rules(), draft.notes(), 1, now, now);
    content.byCode.put(code, link);
    actor.once().ifPresent(once -> content.claims.put(code, once));
    return new LinkCreated(link);
  }

  @Override
  public Future<CreatedLinks> createAll(List<LinkDraft> drafts, Map<String, Opening> openings) {
    synchronized (content) {
      var first = drafts.stream().limit(room(drafts.getFirst().owner())).toList();
      var links = first.stream().flatMap(draft -> created(draft).created().stream()).toList();
      for (var link : links) {
        Optional.ofNullable(openings.get(link.code()))
            .ifPresent(opening -> content.openings.put(link.id(), opening));
      }
      return answer(new CreatedLinks(links, drafts.size() - first.size()));
    }
  }

  @Override
  public Future<List<Link>> named(OwnerId owner, List<String> codes, List<String> externalIds) {
    return answer(
        all().stream()
            .filter(
                link ->
                    codes.contains(link.code())
                        || externalIds.stream()
                            .anyMatch(id -> external(owner, id).equals(Optional.of(link))))
            .toList());
  }

  @Override
  public Future<Optional<Opening>> opening(long link) {
    synchronized (content) {
      return answer(Optional.ofNullable(content.openings.get(link)));
    }
  }

  private boolean isTaken(OwnerId owner, long id, Link.Notes notes) {
    return notes
        .externalId()
        .flatMap(external -> external(owner, external))
        .filter(link -> link.id() != id)
        .isPresent();
  }

  private Optional<Link> external(OwnerId owner, String externalId) {
    return all().stream()
        .filter(link -> link.owner().equals(owner) && !link.isDeleted())
        .filter(link -> link.notes().externalId().equals(Optional.of(externalId)))
        .findFirst();
  }

  private static boolean matches(Link link, Search search) {
    var text =
        link.code() + " " + link.notes().title().orElse("") + " " + link.rules().destination();
    return link.owner().equals(search.owner())
        && link.id() < search.before()
        && !link.isDeleted()
        && !link.isPage()
        && search.domain().map(Code.domain(link.code()).orElse("")::equals).orElse(true)
        && link.notes().tags().containsAll(search.tags())
        && search.state().map(link.rules().state()::equals).orElse(true)
        && text.toLowerCase(Locale.ROOT)
            .contains(search.text().orElse("").toLowerCase(Locale.ROOT));
  }

  @Override
  public Future<Optional<Domain>> domain(String name) {
    return answer(Domain.of(name, all()));
  }

  @Override
  public Future<List<Domain>> domains(OwnerId owner) {
    return answer(
        all().stream()
            .flatMap(link -> Domain.nameOf(link.code()).stream())
            .sorted()
            .flatMap(name -> Domain.of(name, all()).stream())
            .filter(domain -> domain.owner().equals(owner) && !domain.isDeleted())
            .toList());
  }

  @Override
  public Future<DomainWrite> put(DomainDraft draft, Optional<Domain> known) {
    synchronized (content) {
      var stored = Domain.of(draft.name(), all());
      if (known.isEmpty() && stored.isPresent()) {
        return answer(new NameTaken());
      }
      if (!known.equals(stored)) {
        return answer(new Outdated());
      }
      if (known.isEmpty()) {
        draft.pages().forEach(this::created);
      } else {
        store(known.get().front(), draft.front());
        store(known.get().unknown(), draft.unknown());
      }
      return answer(new DomainStored(Domain.of(draft.name(), all()).orElseThrow()));
    }
  }

  private void store(Link page, Link.Rules rules) {
    if (!page.rules().equals(rules)) {
      content.byCode.put(page.code(), page.changed(rules, page.notes(), content.tick()));
    }
  }

  @Override
  public Future<Optional<Link>> find(String code) {
    synchronized (content) {
      return answer(Optional.ofNullable(content.byCode.get(code)));
    }
  }

  @Override
  public Future<Change> change(Link link, Link.Rules rules, Link.Notes notes) {
    synchronized (content) {
      if (isTaken(link.owner(), link.id(), notes)) {
        return answer(new ExternalIdTaken());
      }
      var changed = link.changed(rules, notes, content.tick());
      return answer(
          content.byCode.replace(link.code(), link, changed)
              ? new LinkChanged(changed)
              : new Outdated());
    }
  }

  @Override
  public Future<Optional<Link>> findExternal(OwnerId owner, String externalId) {
    return answer(external(owner, externalId));
  }

  @Override
  public Future<LinkListing> list(Search search, int limit) {
    var found =
        all().stream()
            .filter(link -> matches(link, search))
            .sorted(Comparator.comparingLong(Link::id).reversed())
            .limit(limit + 1L)
            .toList();
    return answer(LinkListing.of(found, limit));
  }

  @Override
  public Future<String> incarnation() {
    synchronized (content) {
      return answer(Integer.toString(content.incarnation));
    }
  }

  @Override
  public Future<Map<OwnerId, List<Network>>> ownNetworks() {
    synchronized (content) {
      return answer(Map.copyOf(content.ownNetworks));
    }
  }

  @Override
  public Future<Instant> changedSince(
      String incarnation, Instant since, Duration again, Consumer<Link> consumer) {
    synchronized (content) {
      if (!incarnation.equals(Integer.toString(content.incarnation))) {
        return Future.failedFuture(new IOException("the store has another incarnation"));
      }
    }
    var changed = new ArrayList<Link>();
    for (var link : all()) {
      if (!link.updatedAt().isBefore(since.minus(again))) {
        changed.add(link);
      }
    }
    changed.forEach(consumer);
    synchronized (content) {
      return answer(content.now);
    }
  }
}
