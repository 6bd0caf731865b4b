package clicktide.store;

import clicktide.event.OwnerId;
import clicktide.link.Code;
import clicktide.link.Link;
import clicktide.link.Network;
import io.vertx.core.Future;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
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
  public Future<Link> create(Draft draft) {
    var now = Instant.now().truncatedTo(ChronoUnit.MICROS);
    var code = draft.code().orElseGet(Code::random);
    var link = new Link(ids.incrementAndGet(), code, draft.owner(), draft.rules(), 1, now, now);
    return byCode.putIfAbsent(code, link) == null
        ? answer(link)
        : Future.failedFuture(new Taken(code));
  }

  @Override
  public Future<Optional<Link>> find(String code) {
    return answer(Optional.ofNullable(byCode.get(code)));
  }

  @Override
  public Future<Optional<Link>> change(Link link, Link.Rules rules) {
    var changed =
        new Link(
            link.id(),
            link.code(),
            link.owner(),
            rules,
            link.version() + 1,
            link.createdAt(),
            Instant.now().truncatedTo(ChronoUnit.MICROS));
    return answer(
        byCode.replace(link.code(), link, changed) ? Optional.of(changed) : Optional.empty());
  }

  @Override
  public Future<List<Link>> list(OwnerId owner, long before, int limit) {
    return answer(
        byCode.values().stream()
            .filter(link -> link.owner().equals(owner) && link.id() < before && !link.isDeleted())
            .sorted(Comparator.comparingLong(Link::id).reversed())
            .limit(limit)
            .toList());
  }

  @Override
  public Future<Map<OwnerId, List<Network>>> ownNetworks() {
    return answer(Map.copyOf(ownNetworks));
  }

  @Override
  public Future<Instant> changedSince(Instant since, Consumer<Link> consumer) {
    byCode.values().forEach(consumer);
    return answer(Instant.now());
  }
}
