package clicktide.stream;

import clicktide.store.Batch;
import clicktide.wire.SavedState;
import clicktide.wire.SavedStateCodec;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The nodes that ended, each with its part of the partition state as a text: the Protobuf message
 * in Base64. A text is decoded when its node is read again, so a node takes about 200 bytes. Not
 * for several threads.
 */
final class EndedNodeStates {
  private final Map<Long, EndedNode> nodes = new HashMap<>();
  private final Map<Long, String> added = new TreeMap<>(); // and not yet stored
  private final Set<Long> forgotten = new TreeSet<>(); // and not yet deleted

  private record EndedNode(Instant lastRecord, String text) {}

  /** Takes a text that is stored. Throws {@link IllegalArgumentException} if it is not usable. */
  void load(long node, String text) {
    nodes.put(node, new EndedNode(lastRecord(decode(text)), text));
  }

  /** Takes the state of a node; the newest time of its clock is the time of its last record. */
  void add(long node, SavedState state) {
    var text = Base64.getEncoder().encodeToString(SavedStateCodec.encode(state));
    nodes.put(node, new EndedNode(lastRecord(state), text));
    added.put(node, text);
    forgotten.remove(node);
  }

  /** Removes a node that is read again, and returns its state. */
  Optional<SavedState> remove(long node) {
    added.remove(node);
    return Optional.ofNullable(nodes.remove(node)).map(ended -> decode(ended.text));
  }

  /** Forgets the nodes whose last record is older. */
  void forgetBefore(Instant time) {
    nodes.forEach(
        (node, ended) -> {
          if (ended.lastRecord.isBefore(time)) {
            forgotten.add(node);
          }
        });
    nodes.keySet().removeAll(forgotten);
    added.keySet().removeAll(forgotten);
  }

  /** Returns the changes since the last call of {@link #stored}; immutable. */
  Batch.EndedNodes changes() {
    return added.isEmpty() && forgotten.isEmpty()
        ? Batch.EndedNodes.NONE
        : new Batch.EndedNodes(Map.copyOf(added), Set.copyOf(forgotten));
  }

  void stored() {
    added.clear();
    forgotten.clear();
  }

  private static SavedState decode(String text) {
    return SavedStateCodec.decode(Base64.getDecoder().decode(text));
  }

  private static Instant lastRecord(SavedState state) {
    return state.clock().map(SavedState.BrokerClock::newest).orElse(Instant.EPOCH);
  }
}
