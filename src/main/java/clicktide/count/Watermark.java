package clicktide.count;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * How far one partition of the log has been read (E3): the broker's time of the newest record, held
 * back by the oldest click that a node has answered and not yet seen acknowledged. A node that was
 * silent for 30 s of the broker's time holds nothing back. In its first seconds it says nothing,
 * because nodes that it has not heard of yet may have older clicks. Not for several threads.
 */
public final class Watermark {
  private static final Duration LISTENING = Duration.ofSeconds(3); // nodes tick every second
  private static final Duration SILENCE = Duration.ofSeconds(30);

  private final Map<Long, Node> nodes = new HashMap<>();
  private Instant first = Instant.MAX;
  private Instant newest = Instant.EPOCH;

  private record Node(Instant heardAt, Instant oldest) {}

  /** A record was read: the broker's stamp, the node that sent it, and its oldest open click. */
  public void observe(Instant loggedAt, long node, Instant oldest) {
    first = first.isBefore(loggedAt) ? first : loggedAt;
    newest = newest.isAfter(loggedAt) ? newest : loggedAt;
    nodes.put(node, new Node(loggedAt, oldest));
  }

  /** Every click answered before this instant is among what was read; 1970 if nobody can say. */
  public Instant through() {
    if (nodes.isEmpty() || newest.isBefore(first.plus(LISTENING))) {
      return Instant.EPOCH;
    }
    nodes.values().removeIf(node -> node.heardAt.plus(SILENCE).isBefore(newest));
    return nodes.values().stream()
        .map(Node::oldest)
        .filter(newest::isAfter)
        .min(Instant::compareTo)
        .orElse(newest);
  }
}
