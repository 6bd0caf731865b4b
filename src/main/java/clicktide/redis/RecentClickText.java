package clicktide.redis;

import clicktide.enrich.Dimension;
import clicktide.store.RecentClicks.RecentClick;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.IntFunction;

/**
 * Reads the stored forms of a recent click. A dimension that a text does not have is empty. A form
 * that this version cannot read exactly gives an empty result.
 */
final class RecentClickText {
  private static final int EARLIER_FORM = 1;

  private RecentClickText() {}

  private record RecentClickDocument(int form, long at, String code, Map<Integer, String> values) {}

  /** Reads the values of {@link SharedTexts}. */
  static Optional<RecentClick> read(Instant at, String code, String values) {
    try {
      var byId = RedisJson.read(values);
      return byId.isObject()
          ? Optional.of(click(at, code, id -> byId.path(Integer.toString(id)).asText("")))
          : Optional.empty();
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  /**
   * Reads a whole click, as earlier versions wrote it: a JSON document, or words. Such lists expire
   * within a day after an upgrade. The release after the next one can drop it.
   */
  static Optional<RecentClick> readEarlier(String text) {
    try {
      return text.startsWith("{") ? readDocument(text) : Optional.of(readWords(text));
    } catch (IllegalArgumentException | IndexOutOfBoundsException _) {
      return Optional.empty();
    }
  }

  private static Optional<RecentClick> readDocument(String text) {
    var document = RedisJson.read(text, RecentClickDocument.class);
    return document.form == EARLIER_FORM
        ? Optional.of(click(document.at, document.code, document.values))
        : Optional.empty();
  }

  /**
   * Reads time, code and values with a unit separator between, where the position of a value is the
   * id of its dimension.
   */
  private static RecentClick readWords(String text) {
    var words = text.split("\u001f", -1);
    var byId = new TreeMap<Integer, String>();
    for (var i = 2; i < words.length; i++) {
      byId.put(i - 2, words[i]);
    }
    return click(Long.parseLong(words[0]), words[1], byId);
  }

  private static RecentClick click(long at, String code, Map<Integer, String> byId) {
    return click(Instant.ofEpochMilli(at), code, id -> byId.getOrDefault(id, ""));
  }

  private static RecentClick click(Instant at, String code, IntFunction<String> byId) {
    var values =
        Arrays.stream(Dimension.values()).map(dimension -> byId.apply(dimension.id())).toList();
    return new RecentClick(at, code, values);
  }
}
