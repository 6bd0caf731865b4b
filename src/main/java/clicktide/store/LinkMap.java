package clicktide.store;

import clicktide.bus.Addresses;
import clicktide.link.Link;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All links by code, in memory (A5): loaded at the start, then kept fresh by the bus of this
 * process and by a poll of the store's change list every second. For any thread.
 */
public final class LinkMap {
  private static final Logger log = LoggerFactory.getLogger(LinkMap.class);
  private static final long POLL_MILLIS = 1_000;

  private final Links links;
  private final ConcurrentHashMap<String, Link> byCode = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<Long, String> codes = new ConcurrentHashMap<>();
  private final AtomicBoolean polling = new AtomicBoolean();
  private volatile Instant seen = Instant.EPOCH;

  public LinkMap(Links links) {
    this.links = links;
  }

  /** Succeeds when all links are there; from then on they are kept fresh. */
  public Future<Void> follow(Vertx vertx) {
    Addresses.LINKS_CHANGED.consume(vertx, this::put);
    vertx.setPeriodic(POLL_MILLIS, _ -> poll());
    return links.changedSince(seen, this::put).map(this::sawUpTo).mapEmpty();
  }

  private void poll() {
    if (polling.compareAndSet(false, true)) {
      links
          .changedSince(seen, this::put)
          .onSuccess(this::sawUpTo)
          .onFailure(failure -> log.warn("Changes of links cannot be read: {}", failure.toString()))
          .onComplete(_ -> polling.set(false));
    }
  }

  private Instant sawUpTo(Instant newest) {
    seen = newest;
    return newest;
  }

  /** Keeps the newer version. */
  public void put(Link link) {
    codes.put(link.id(), link.code());
    byCode.merge(link.code(), link, (old, now) -> now.version() >= old.version() ? now : old);
  }

  /** Deleted links are here, too: their answer is 410. */
  public Optional<Link> get(String code) {
    return Optional.ofNullable(byCode.get(code));
  }

  /** The code of a link by its number. */
  public Optional<String> codeOf(long id) {
    return Optional.ofNullable(codes.get(id));
  }

  /** From the map, or else from the store, which may be away. */
  public Future<Optional<Link>> find(String code) {
    var link = byCode.get(code);
    if (link != null) {
      return Future.succeededFuture(Optional.of(link));
    }
    return links.find(code).onSuccess(found -> found.ifPresent(this::put));
  }
}
