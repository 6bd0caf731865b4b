package clicktide.redis;

import clicktide.count.Dimension;
import clicktide.store.RecentClicks.Seen;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The kept form of a click: its time, its code and its values, with a unit separator between. */
final class SeenText {
  private static final String BETWEEN = "\u001f"; // a control character, so no value has it

  private SeenText() {}

  static String write(Instant at, String code, List<String> values) {
    return at.toEpochMilli() + BETWEEN + code + BETWEEN + String.join(BETWEEN, values);
  }

  /** A click from before a dimension was added has no value of it. */
  static Seen read(String text) {
    var words = List.of(text.split(BETWEEN, -1));
    var values = new ArrayList<>(words.subList(2, words.size()));
    while (values.size() < Dimension.values().length) {
      values.add("");
    }
    return new Seen(Instant.ofEpochMilli(Long.parseLong(words.get(0))), words.get(1), values);
  }
}
