package clicktide.store;

import clicktide.event.OwnerId;
import clicktide.link.Code;
import clicktide.link.Link;
import clicktide.net.Network;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** Links in memory, for tests of what uses them. */
public final class MemoryLinks implements Links {
  private final Map<String, Link> byCode = new ConcurrentHashMap<>();
  private final AtomicLong ids = new AtomicLong();
  private final Map<OwnerId, List<Network>> ownNetworks = new ConcurrentHashMap<>();
  private final Map<Long, Opening> openings = new ConcurrentHashMap<>();
  private volatile boolean away;

  /** This owner does not want clicks from these networks counted. */
  public void own(OwnerId owner, Network... networks) {
    ownNetworks.put(owner, List.of(networks));
  }

  /** From now on every question fails, as if the store had died. */
  public void goAway() {
    away = true;
  }

  private <T> Future<T> answer(T value) {
    return away
        ? Future.failedFuture(new java.io.IOException("the store is away"))
        : Future.succeededFuture(value);
  }

  @Override
  public Links by(Actor actor) {
    return this;
  }

  @Override
  public Future<Link> create(Draft draft) {
    var now = Instant.now().truncatedTo(ChronoUnit.MICROS);
    var code = draft.code().orElseGet(Code::random);
    requireExternal(draft.owner(), 0, draft.notes());
    var link =
        new Link(
            ids.incrementAndGet(), code, draft.owner(), draft.rules(), draft.notes(), 1, now, now);
    return byCode.putIfAbsent(code, link) == null
        ? answer(link)
        : Future.failedFuture(new Taken(true));
  }

  @Override
  public Future<List<Link>> createAll(List<Draft> drafts, Map<String, Opening> openings) {
    var made = new ArrayList<Link>();
    for (var draft : drafts) {
      try {
        create(draft).onSuccess(made::add);
      } catch (Taken _) {
        // it is not among those that were made
      }
    }
    made.forEach(
        link ->
            Optional.ofNullable(openings.get(link.code()))
                .ifPresent(opening -> this.openings.put(link.id(), opening)));
    return answer(made);
  }

  @Override
  public Future<List<Link>> named(OwnerId owner, List<String> codes, List<String> externalIds) {
    return answer(
        byCode.values().stream()
            .filter(
                link ->
                    codes.contains(link.code())
                        || externalIds.stream()
                            .anyMatch(id -> external(owner, id).equals(Optional.of(link))))
            .toList());
  }

  @Override
  public Future<Optional<Opening>> opening(long link) {
    return answer(Optional.ofNullable(openings.get(link)));
  }

  private void requireExternal(OwnerId owner, long id, Link.Notes notes) {
    notes
        .externalId()
        .flatMap(external -> external(owner, external))
        .filter(link -> link.id() != id)
        .ifPresent(
            _ -> {
              throw new Taken(false);
            });
  }

  private Optional<Link> external(OwnerId owner, String externalId) {
    return byCode.values().stream()
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
        && !Code.isNameless(link.code())
        && search.domain().map(Code.domain(link.code()).orElse("")::equals).orElse(true)
        && link.notes().tags().containsAll(search.tags())
        && search.state().map(link.rules().state()::equals).orElse(true)
        && text.toLowerCase(Locale.ROOT)
            .contains(search.text().orElse("").toLowerCase(Locale.ROOT));
  }

  @Override
  public Future<List<Link>> domains(OwnerId owner) {
    return answer(
        byCode.values().stream()
            .filter(link -> link.owner().equals(owner) && !link.isDeleted())
            .filter(link -> Code.isUnknown(link.code()))
            .sorted(Comparator.comparing(Link::code))
            .toList());
  }

  @Override
  public Future<Optional<Link>> find(String code) {
    return answer(Optional.ofNullable(byCode.get(code)));
  }

  @Override
  public Future<Optional<Link>> change(Link link, Link.Rules rules, Link.Notes notes) {
    requireExternal(link.owner(), link.id(), notes);
    var changed =
        new Link(
            link.id(),
            link.code(),
            link.owner(),
            rules,
            notes,
            link.version() + 1,
            link.createdAt(),
            Instant.now().truncatedTo(ChronoUnit.MICROS));
    return answer(
        byCode.replace(link.code(), link, changed) ? Optional.of(changed) : Optional.empty());
  }

  @Override
  public Future<Optional<Link>> findExternal(OwnerId owner, String externalId) {
    return answer(external(owner, externalId));
  }

  @Override
  public Future<List<Link>> list(Search search, int limit) {
    return answer(
        byCode.values().stream()
            .filter(link -> matches(link, search))
            .sorted(Comparator.comparingLong(Link::id).reversed())
            .limit(limit)
            .toList());
  }

  @Override
  public Future<Map<OwnerId, List<Network>>> ownNetworks() {
    return answer(Map.copyOf(ownNetworks));
  }

  @Override
  public Future<Instant> changedSince(Instant since, Duration again, Consumer<Link> consumer) {
    byCode.values().stream()
        .filter(link -> !link.updatedAt().isBefore(since.minus(again)))
        .forEach(consumer);
    return answer(Instant.now());
  }
}
