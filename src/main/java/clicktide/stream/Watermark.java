package clicktide.stream;

import clicktide.event.Heartbeat;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * How far one partition of the log has been read (E3): the broker's time of the newest record, held
 * back by the oldest click that a node has answered and not yet seen acknowledged. A node that was
 * silent for 30 s of the broker's time holds nothing back and is named instead, for a day; and so
 * is one that comes back with clicks older than what was claimed meanwhile, until they are sent. In
 * its first seconds it says nothing, because nodes that it has not heard of yet may have older
 * clicks. Not for several threads.
 */
final class Watermark {
  private static final Duration LISTENING = Duration.ofSeconds(3); // nodes tick every second
  private static final Duration SILENCE = Duration.ofSeconds(30);
  private static final Duration REMEMBERED = Duration.ofDays(1);

  private final TreeMap<Long, Node> nodes = new TreeMap<>();
  private Instant first = Instant.MAX;
  private Instant newest = Instant.EPOCH;
  private Instant claimed = Instant.EPOCH;

  /**
   * When the newest report of a node was logged, from which boot, when it was sent, what it said.
   */
  private record Node(Instant heardAt, int boot, Instant sentAt, Instant oldest) {
    private boolean isNewerThan(Node other) {
      return boot > other.boot || (boot == other.boot && !sentAt.isBefore(other.sentAt));
    }
  }

  /**
   * A record was read: the broker's stamp, the time of sending by the node's clock without any
   * correction, and what the node says of itself. A record that newer ones have overtaken says
   * nothing.
   */
  void observe(Instant loggedAt, Instant sentAt, Heartbeat report) {
    first = first.isBefore(loggedAt) ? first : loggedAt;
    newest = newest.isAfter(loggedAt) ? newest : loggedAt;
    if (report.leaving() || report.acknowledged().isEmpty()) { // it has no lanes, so no open clicks
      nodes.remove(report.node());
    } else {
      nodes.merge(
          report.node(),
          new Node(loggedAt, report.boot(), sentAt, report.oldest()),
          (known, heard) -> heard.isNewerThan(known) ? heard : known);
    }
    nodes.values().removeIf(node -> node.heardAt.plus(REMEMBERED).isBefore(newest));
  }

  /** Every click answered before this instant is among what was read; 1970 if nobody can say. */
  Instant through() {
    if (newest.equals(Instant.EPOCH) || newest.isBefore(first.plus(LISTENING))) {
      return Instant.EPOCH;
    }
    var through =
        nodes.values().stream()
            .filter(node -> !isUnheard(node))
            .map(Node::oldest)
            .filter(newest::isAfter)
            .min(Instant::compareTo)
            .orElse(newest);
    claimed = through.isAfter(claimed) ? through : claimed;
    return claimed;
  }

  /** The nodes that may have clicks under way that are older than what is claimed. */
  Set<Long> silent() {
    var silent = new TreeSet<Long>();
    nodes.forEach(
        (node, heard) -> {
          if (isUnheard(heard)) {
            silent.add(node);
          }
        });
    return silent;
  }

  private boolean isUnheard(Node node) {
    return node.heardAt.plus(SILENCE).isBefore(newest) || node.oldest.isBefore(claimed);
  }

  /** A word for the clock, one for each node: {@code n:node:heardAt:oldest:boot:sentAt}. */
  void write(StringBuilder text) {
    if (newest.equals(Instant.EPOCH)) {
      return;
    }
    text.append(" w:").append(first.toEpochMilli()).append(':').append(newest.toEpochMilli());
    text.append(':').append(claimed.toEpochMilli());
    nodes.forEach(
        (number, node) ->
            text.append(" n:")
                .append(Long.toHexString(number))
                .append(':')
                .append(node.heardAt.toEpochMilli())
                .append(':')
                .append(node.oldest.toEpochMilli())
                .append(':')
                .append(node.boot)
                .append(':')
                .append(node.sentAt.toEpochMilli()));
  }

  void readClock(String[] word) {
    first = millis(word[1]);
    newest = millis(word[2]);
    claimed = millis(word[3]);
  }

  void readNode(String[] word) {
    var node =
        new Node(millis(word[2]), Integer.parseInt(word[4]), millis(word[5]), millis(word[3]));
    nodes.put(Long.parseUnsignedLong(word[1], 16), node);
  }

  private static Instant millis(String text) {
    return Instant.ofEpochMilli(Long.parseLong(text));
  }
}
