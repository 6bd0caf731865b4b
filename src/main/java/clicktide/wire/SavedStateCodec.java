package clicktide.wire;

import clicktide.wire.SavedState.BrokerClock;
import clicktide.wire.SavedState.SavedLane;
import clicktide.wire.SavedState.SavedNode;
import clicktide.wire.SavedState.SequenceRange;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Optional;
import java.util.TreeMap;

/** The wire form of {@link SavedState}: Protobuf, as {@code partition_state.proto} describes it. */
public final class SavedStateCodec {
  private static final int SCHEMA = 1; // raised only when an older reader would count wrongly

  private SavedStateCodec() {}

  public static byte[] encode(SavedState state) {
    var out = new ProtobufWriter(256);
    out.varint(1, SCHEMA);
    out.varint(2, state.isWhole() ? 1 : 0);
    state.clock().ifPresent(clock -> write(clock, out));
    state.nodes().forEach(node -> out.message(6, encode(node)));
    state.firstBoots().forEach((node, boot) -> out.message(7, encode(node, boot)));
    state.lanes().forEach(lane -> out.message(8, encode(lane)));
    out.raw(state.unknown().bytes());
    return out.copy();
  }

  private static void write(BrokerClock clock, ProtobufWriter out) {
    out.varint(3, clock.first().toEpochMilli());
    out.varint(4, clock.newest().toEpochMilli());
    out.varint(5, clock.watermark().toEpochMilli());
  }

  private static byte[] encode(SavedNode node) {
    var out = new ProtobufWriter(64);
    out.fixed64(1, node.node());
    out.varint(2, node.boot());
    out.varint(3, node.loggedAt().toEpochMilli());
    out.varint(4, node.sentAt().toEpochMilli());
    out.varint(5, node.oldest().toEpochMilli());
    out.raw(node.unknown().bytes());
    return out.copy();
  }

  private static byte[] encode(long node, int firstBoot) {
    var out = new ProtobufWriter(32);
    out.fixed64(1, node);
    out.varint(2, firstBoot);
    return out.copy();
  }

  private static byte[] encode(SavedLane lane) {
    var bounds = new ProtobufWriter(64);
    for (var range : lane.ranges()) {
      bounds.packed(range.from());
      bounds.packed(range.to());
    }
    var out = new ProtobufWriter(32 + bounds.size());
    out.fixed64(1, lane.node());
    out.varint(2, lane.boot());
    out.varint(3, lane.number());
    if (bounds.size() > 0) {
      out.message(4, bounds.array(), bounds.size());
    }
    out.raw(lane.unknown().bytes());
    return out.copy();
  }

  /** Throws {@link IllegalArgumentException} for bytes that this version cannot use exactly. */
  public static SavedState decode(byte[] bytes) {
    try {
      return state(new WireMessage(bytes, 9));
    } catch (IOException e) {
      throw new IllegalArgumentException("a partition state that cannot be decoded", e);
    }
  }

  private static SavedState state(WireMessage state) throws IOException {
    if (state.number(1) != SCHEMA) {
      throw new IllegalArgumentException(
          "a partition state of schema %d, not %d".formatted(state.number(1), SCHEMA));
    }
    var nodes = new ArrayList<SavedNode>();
    for (var node : state.messages(6)) {
      nodes.add(node(new WireMessage(node, 6)));
    }
    var firstBoots = new TreeMap<Long, Integer>();
    for (var firstBoot : state.messages(7)) {
      var entry = new WireMessage(firstBoot, 3);
      firstBoots.put(entry.number(1), entry.integer(2));
    }
    var lanes = new ArrayList<SavedLane>();
    for (var lane : state.messages(8)) {
      lanes.add(lane(new WireMessage(lane, 5)));
    }
    return new SavedState(
        state.number(2) != 0, clock(state), nodes, firstBoots, lanes, state.unknown());
  }

  private static Optional<BrokerClock> clock(WireMessage state) {
    return state.number(4) == 0
        ? Optional.empty()
        : Optional.of(new BrokerClock(state.instant(3), state.instant(4), state.instant(5)));
  }

  private static SavedNode node(WireMessage node) {
    return new SavedNode(
        node.number(1),
        node.integer(2),
        node.instant(3),
        node.instant(4),
        node.instant(5),
        node.unknown());
  }

  private static SavedLane lane(WireMessage lane) throws IOException {
    var bounds = lane.packed(4);
    if (bounds.size() % 2 != 0) {
      throw new IllegalArgumentException("a partition state with half a range");
    }
    var ranges = new ArrayList<SequenceRange>();
    for (var i = 0; i < bounds.size(); i += 2) {
      ranges.add(new SequenceRange(bounds.get(i), bounds.get(i + 1)));
    }
    return new SavedLane(lane.number(1), lane.integer(2), lane.integer(3), ranges, lane.unknown());
  }
}
