package clicktide.replica;

import clicktide.bus.Addresses;
import clicktide.event.OwnerId;
import clicktide.link.Domain;
import clicktide.link.Link;
import clicktide.net.Network;
import clicktide.store.Links;
import clicktide.store.Unavailable;
import clicktide.time.TimeSource;
import clicktide.wire.SnapshotHeader;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An in-memory copy of all links by code and of the owners' networks (A5). It starts from the
 * snapshot on this node's disk. Afterwards changes come over the bus of this process, and from the
 * store's change list, which is polled twice a second. The promise is two seconds. Links without
 * room in memory are read from the store for each request. For any thread.
 */
public final class LinkMap {
  private static final Logger log = LoggerFactory.getLogger(LinkMap.class);
  private static final long POLL_MILLIS = 500;
  private static final long SAVE_MILLIS = 1_000;
  private static final long WARN_MILLIS = 60_000;
  private static final int REST = 20; // a save takes at most a twentieth of the time

  private final LinkSnapshot snapshot;
  private final TimeSource time;
  private final LinkTable table;
  private final ConcurrentHashMap<String, Link> domains = new ConcurrentHashMap<>();
  private final Replication replication = new Replication(this);
  private volatile boolean changed;
  private volatile long restUntil;
  private volatile Map<OwnerId, List<Network>> ownNetworks = Map.of();
  private volatile Optional<Links> store = Optional.empty();
  private volatile Runnable endSaves = () -> {};

  /** The links take about {@code mostBytes} of memory. */
  public LinkMap(LinkSnapshot snapshot, TimeSource time, long mostBytes) {
    this.snapshot = snapshot;
    this.time = time;
    this.table = new LinkTable(mostBytes);
  }

  /** Reads the snapshot of an earlier process. If the result is true, links can be served. */
  public boolean recall() {
    var known = snapshot.read(this::put);
    known.ifPresent(replication::resume);
    ownNetworks = known.map(SnapshotHeader::ownNetworks).orElse(Map.of());
    changed = false;
    return known.isPresent();
  }

  /** Succeeds when all links of the store are read; then follows its changes. */
  public Future<Void> follow(Vertx vertx, Links links) {
    return replication.read(links).map(_ -> followed(vertx, links));
  }

  private Void followed(Vertx vertx, Links links) {
    store = Optional.of(links);
    Addresses.LINKS_CHANGED.consume(vertx, this::put);
    vertx.setPeriodic(POLL_MILLIS, _ -> replication.poll(links));
    vertx.setPeriodic(0, WARN_MILLIS, _ -> warnIfPartial());
    var saves = vertx.setPeriodic(SAVE_MILLIS, _ -> vertx.executeBlocking(this::saveIfChanged));
    endSaves = () -> vertx.cancelTimer(saves);
    return null;
  }

  private void warnIfPartial() {
    if (isPartial()) {
      log.warn(
          "The memory for links is full at {} MB. Other links are read from the store.",
          table.weight() >> 20);
    }
  }

  /** Returns true once a link found no room in memory, until the process ends. */
  public boolean isPartial() {
    return table.isPartial();
  }

  /** Takes the networks whose clicks owners exclude. */
  void own(Map<OwnerId, List<Network>> networks) {
    if (!networks.equals(ownNetworks)) {
      ownNetworks = networks;
      changed = true;
    }
  }

  private Void saveIfChanged() {
    if (changed && time.nanos() - restUntil >= 0) {
      save();
    }
    return null;
  }

  /** Writes the snapshot, unless the store was never read: then the old one has more. Blocks. */
  public synchronized void save() {
    if (store.isEmpty()) {
      return;
    }
    var start = time.nanos();
    var position =
        isPartial() ? Replication.ReadPosition.NONE : replication.position(); // read first
    changed = false;
    try {
      var all = table.all();
      var header =
          new SnapshotHeader(position.incarnation(), position.seen(), ownNetworks, all.size());
      snapshot.write(header, all);
    } catch (IOException e) {
      changed = true;
      log.warn("The snapshot of the links could not be written: {}", e.toString());
    }
    var took = time.nanos() - start;
    restUntil = time.nanos() + Math.min(TimeUnit.HOURS.toNanos(1), REST * took);
  }

  /** Ends the reading of changes, and writes the snapshot. Blocks. */
  public void close() {
    replication.end();
    endSaves.run(); // Vert.x has no worker any more while it closes
    save();
  }

  /** Adds a link; the newer version stays. */
  public void put(Link link) {
    if (table.put(link)) {
      changed(link.code());
    }
  }

  Set<Long> ids() {
    return table.ids();
  }

  /** Adds a link, also in place of a newer version. */
  void replace(Link link) {
    if (table.replace(link)) {
      changed(link.code());
    }
  }

  /** Removes a link that the store does not have. */
  void remove(long id) {
    table
        .codeOf(id)
        .ifPresent(
            code -> {
              table.remove(id);
              changed(code);
            });
  }

  private void changed(String code) {
    Domain.nameOf(code)
        .ifPresent(name -> domains.compute(name, (_, _) -> table.get(code).orElse(null)));
    changed = true;
  }

  public boolean hasDomains() {
    return !domains.isEmpty();
  }

  /** Returns the page for unknown names of a domain; empty if the host is no domain. */
  public Optional<Link> domain(String host) {
    return Optional.ofNullable(domains.get(host)).filter(link -> !link.isDeleted());
  }

  /** Finds a link, deleted ones included: their answer is 410. */
  public Optional<Link> get(String code) {
    return table.get(code);
  }

  /** Returns true for an address in a network that the owner excludes from its counts. */
  public boolean isOwnTraffic(OwnerId owner, String address) {
    var own = ownNetworks.get(owner);
    return own != null
        && Network.literal(address)
            .filter(literal -> own.stream().anyMatch(network -> network.contains(literal)))
            .isPresent();
  }

  /** Finds the code of a link in memory by its id. */
  public Optional<String> codeOf(long id) {
    return table.codeOf(id);
  }

  /** Finds a link in memory, else in the store. Fails if the store is unavailable. */
  public Future<Optional<Link>> find(String code) {
    var link = get(code);
    if (link.isPresent()) {
      return Future.succeededFuture(link);
    }
    return store
        .map(links -> links.find(code).onSuccess(found -> found.ifPresent(this::put)))
        .orElseGet(() -> Future.failedFuture(new Unavailable("The links were not read yet.")));
  }
}
