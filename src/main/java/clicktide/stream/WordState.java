package clicktide.stream;

import clicktide.event.UnknownFields;
import clicktide.wire.SavedState;
import clicktide.wire.SavedState.BrokerClock;
import clicktide.wire.SavedState.SavedLane;
import clicktide.wire.SavedState.SavedNode;
import clicktide.wire.SavedState.SequenceRange;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Reads the text form of a partition state that earlier versions wrote. It begins with {@code
 * whole} or {@code part}. Each further word starts with a letter: {@code w} for the clock, {@code
 * n} for a node, {@code b} for the first boot of a node, {@code s} for a lane. This form is no
 * longer written.
 */
final class WordState {
  private WordState() {}

  static SavedState read(String text) {
    var words = text.split(" ", -1);
    if (!words[0].equals("whole") && !words[0].equals("part")) {
      throw new IllegalArgumentException("a partition state of a newer version: " + words[0]);
    }
    var clock = Optional.<BrokerClock>empty();
    var nodes = new ArrayList<SavedNode>();
    var firstBoots = new TreeMap<Long, Integer>();
    var lanes = new ArrayList<SavedLane>();
    for (var i = 1; i < words.length; i++) {
      var word = words[i].split(":", -1);
      switch (word[0]) {
        case "w" ->
            clock = Optional.of(new BrokerClock(millis(word[1]), millis(word[2]), millis(word[3])));
        case "n" -> nodes.add(node(word));
        case "b" -> firstBoots.put(hex(word[1]), Integer.parseInt(word[2]));
        case "s" -> lanes.add(lane(word));
        default ->
            throw new IllegalArgumentException("a partition state of a newer version: " + words[i]);
      }
    }
    return new SavedState(
        words[0].equals("whole"), clock, nodes, firstBoots, lanes, UnknownFields.NONE);
  }

  private static SavedNode node(String[] word) {
    return new SavedNode(
        hex(word[1]),
        Integer.parseInt(word[4]),
        millis(word[2]),
        millis(word[5]),
        millis(word[3]),
        UnknownFields.NONE);
  }

  private static SavedLane lane(String[] word) {
    List<SequenceRange> ranges = new ArrayList<>();
    for (var i = 4; i + 1 < word.length; i += 2) {
      ranges.add(new SequenceRange(Long.parseLong(word[i]), Long.parseLong(word[i + 1])));
    }
    var boot = Integer.parseInt(word[2]);
    return new SavedLane(hex(word[1]), boot, Integer.parseInt(word[3]), ranges, UnknownFields.NONE);
  }

  private static long hex(String text) {
    return Long.parseUnsignedLong(text, 16);
  }

  private static Instant millis(String text) {
    return Instant.ofEpochMilli(Long.parseLong(text));
  }
}
