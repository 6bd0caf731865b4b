package clicktide.stream;

import clicktide.event.Heartbeat;
import clicktide.event.UnknownFields;
import clicktide.store.Retention;
import clicktide.time.Instants;
import clicktide.wire.SavedState;
import clicktide.wire.SavedState.BrokerClock;
import clicktide.wire.SavedState.SavedNode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The watermark of one partition of the log (E3): the broker's time of the newest record, held back
 * by the oldest click that a node has answered and not yet seen acknowledged.
 *
 * <p>A node without a heartbeat for 30 s of the broker's time no longer holds the watermark back.
 * It is named as silent instead, for a day. The same holds for a node that returns with clicks
 * older than the watermark, until they are sent. In its first 3 s the watermark is not known,
 * because nodes without a heartbeat so far may have older clicks. Not for several threads.
 *
 * <p>A later start on the same data folder speaks for a node that has sent nothing for 3 s. A node
 * that still sends has a copy of its folder elsewhere, and speaks for itself.
 */
final class Watermark {
  private static final Duration LISTENING = Duration.ofSeconds(3); // nodes tick every second
  private static final Duration SUCCESSION = Duration.ofSeconds(3);
  static final Duration SILENCE = Duration.ofSeconds(30);

  private final TreeMap<Long, SavedNode> nodes = new TreeMap<>();
  private Instant first = Instant.MAX;
  private Instant newest = Instant.EPOCH;
  private Instant claimed = Instant.EPOCH;

  static Watermark of(SavedState saved) {
    var watermark = new Watermark();
    saved.clock().ifPresent(watermark::resume);
    saved.nodes().forEach(node -> watermark.nodes.put(node.node(), node));
    return watermark;
  }

  private void resume(BrokerClock clock) {
    first = clock.first();
    newest = clock.newest();
    claimed = clock.watermark();
  }

  /** Returns the broker's times, empty before the first record. */
  Optional<BrokerClock> clock() {
    return newest.equals(Instant.EPOCH)
        ? Optional.empty()
        : Optional.of(new BrokerClock(first, newest, claimed));
  }

  /** Returns the broker's time of the newest record, 1970 before the first one. */
  Instant newest() {
    return newest;
  }

  /** Returns true if the node may hold the watermark back or is silent. */
  boolean holds(long node) {
    return nodes.containsKey(node);
  }

  List<SavedNode> nodes() {
    return List.copyOf(nodes.values());
  }

  /**
   * Takes a record: the broker's time, the time of sending by the node's clock without any
   * correction, and the heartbeat. A heartbeat that is older than the known one changes nothing.
   */
  void observe(Instant loggedAt, Instant sentAt, Heartbeat heartbeat) {
    first = Instants.earlier(first, loggedAt);
    newest = Instants.later(newest, loggedAt);
    if (heartbeat.leaving() || heartbeat.acknowledged().isEmpty()) { // it has no open click
      nodes.remove(heartbeat.node());
    } else {
      var known = nodes.get(heartbeat.node());
      if (known == null || isNewer(heartbeat.boot(), sentAt, known)) {
        var unknown = known == null ? UnknownFields.NONE : known.unknown();
        nodes.put(
            heartbeat.node(),
            new SavedNode(
                heartbeat.node(), heartbeat.boot(), loggedAt, sentAt, heartbeat.oldest(), unknown));
      }
    }
    var succeeded = newest.minus(SUCCESSION);
    for (var previous : heartbeat.previous()) {
      nodes.computeIfPresent(
          previous, (_, node) -> node.loggedAt().isAfter(succeeded) ? node : null);
    }
    nodes.values().removeIf(node -> node.loggedAt().plus(Retention.SILENT_NODES).isBefore(newest));
  }

  private static boolean isNewer(int boot, Instant sentAt, SavedNode known) {
    return boot > known.boot() || (boot == known.boot() && !sentAt.isBefore(known.sentAt()));
  }

  /** Returns the time before which every click was read, 1970 if it is not known. Never falls. */
  Instant time() {
    if (newest.equals(Instant.EPOCH) || newest.isBefore(first.plus(LISTENING))) {
      return Instant.EPOCH;
    }
    var time =
        nodes.values().stream()
            .filter(node -> !isSilent(node))
            .map(SavedNode::oldest)
            .filter(newest::isAfter)
            .min(Instant::compareTo)
            .orElse(newest);
    claimed = Instants.later(time, claimed);
    return claimed;
  }

  /** Returns the nodes that may have clicks older than the watermark. */
  Set<Long> silent() {
    var silent = new TreeSet<Long>();
    nodes.values().stream().filter(this::isSilent).map(SavedNode::node).forEach(silent::add);
    return silent;
  }

  private boolean isSilent(SavedNode node) {
    return node.loggedAt().plus(SILENCE).isBefore(newest) || node.oldest().isBefore(claimed);
  }
}
