package clicktide.replica;

import clicktide.link.Link;
import clicktide.store.Links;
import clicktide.wire.SnapshotHeader;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the changes of the store into the memory of a process. If the incarnation of the store
 * changes, all links are read again: the store may have lost changes that the memory has, and the
 * links of the store are true (decision 0023). For any thread.
 */
final class Replication {
  private static final Logger log = LoggerFactory.getLogger(Replication.class);
  private static final Duration UNSEEN =
      Duration.ofSeconds(30); // at most this late a change becomes visible
  private static final Duration OFTEN =
      Duration.ofSeconds(2); // read again by each poll: covers nearly all commits
  private static final Duration SELDOM =
      Duration.ofSeconds(20); // by each tenth poll: long transactions
  private static final int EACH_TENTH = 10;

  private final LinkMap map;
  private final AtomicBoolean polling = new AtomicBoolean();
  private final AtomicInteger polls = new AtomicInteger();
  private volatile boolean ended;
  private volatile ReadPosition position = ReadPosition.NONE;

  /** All changes of this incarnation of the store up to {@code seen} were read. */
  record ReadPosition(String incarnation, Instant seen) {
    static final ReadPosition NONE = new ReadPosition("", Instant.EPOCH);
  }

  Replication(LinkMap map) {
    this.map = map;
  }

  /** Continues after the changes that a snapshot has. */
  void resume(SnapshotHeader header) {
    position = new ReadPosition(header.incarnation(), header.seen().minus(UNSEEN));
  }

  ReadPosition position() {
    return position;
  }

  /** Reads the changes, unless the poll before is still under way. */
  void poll(Links links) {
    if (!ended && polling.compareAndSet(false, true)) {
      read(links).onFailure(this::warn).onComplete(_ -> polling.set(false));
    }
  }

  private void warn(Throwable failure) {
    if (!ended) {
      log.warn("Changes of links could not be read: {}", failure.toString());
    }
  }

  /** Ends the polls. */
  void end() {
    ended = true;
  }

  /** Succeeds when the memory has every change that the store had before. */
  Future<Void> read(Links links) {
    return links
        .ownNetworks()
        .onSuccess(map::own)
        .compose(_ -> links.incarnation())
        .compose(
            incarnation ->
                incarnation.equals(position.incarnation)
                    ? readChanges(links, incarnation)
                    : readAll(links, incarnation));
  }

  private Future<Void> readChanges(Links links, String incarnation) {
    return links
        .changedSince(incarnation, position.seen, again(), map::put)
        .onSuccess(newest -> position = new ReadPosition(incarnation, newest))
        .mapEmpty();
  }

  private Duration again() {
    return polls.getAndIncrement() % EACH_TENTH == 0 ? SELDOM : OFTEN;
  }

  private Future<Void> readAll(Links links, String incarnation) {
    var lost = map.ids();
    return links
        .changedSince(incarnation, Instant.EPOCH, Duration.ZERO, link -> take(link, lost))
        .onSuccess(
            newest -> {
              removeAll(lost);
              position = new ReadPosition(incarnation, newest);
            })
        .mapEmpty();
  }

  private void take(Link link, Set<Long> lost) {
    lost.remove(link.id());
    map.replace(link);
  }

  private void removeAll(Set<Long> lost) {
    if (!lost.isEmpty()) {
      log.warn("{} links are removed, because the store does not have them", lost.size());
      lost.forEach(map::remove);
    }
  }
}
