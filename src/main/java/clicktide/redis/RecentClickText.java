package clicktide.redis;

import clicktide.enrich.ClickValues;
import clicktide.enrich.Dimension;
import clicktide.store.RecentClicks.RecentClick;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The stored form of a recent click: a JSON document with its values by the permanent id of their
 * dimension, without empty ones. A field that is added keeps the number of the form; a change of
 * meaning raises it.
 */
final class RecentClickText {
  private static final int FORM = 1;

  /** The texts of values, which many clicks share. */
  private final Cache<ClickValues, String> texts =
      Caffeine.newBuilder().maximumSize(10_000).executor(Runnable::run).build();

  private record RecentClickDocument(int form, long at, String code, Map<Integer, String> values) {}

  /** Joins the document, because a serializer was a fifth of the live sink's work. */
  String write(Instant at, String code, ClickValues values) {
    return "{\"form\":"
        + FORM
        + ",\"at\":"
        + at.toEpochMilli()
        + ",\"code\":\""
        + RedisJson.escaped(code)
        + "\",\"values\":"
        + texts.get(values, RecentClickText::text)
        + "}";
  }

  private static String text(ClickValues values) {
    var byId = new TreeMap<Integer, String>();
    for (var dimension : Dimension.values()) {
      if (!values.of(dimension).isEmpty()) {
        byId.put(dimension.id(), values.of(dimension));
      }
    }
    return RedisJson.write(byId);
  }

  /**
   * Returns empty for a text that this version cannot read exactly. A dimension that the text does
   * not have is empty.
   */
  static Optional<RecentClick> read(String text) {
    try {
      return text.startsWith("{") ? readDocument(text) : Optional.of(readWords(text));
    } catch (IllegalArgumentException | IndexOutOfBoundsException _) {
      return Optional.empty();
    }
  }

  private static Optional<RecentClick> readDocument(String text) {
    var document = RedisJson.read(text, RecentClickDocument.class);
    return document.form == FORM
        ? Optional.of(click(document.at, document.code, document.values))
        : Optional.empty();
  }

  /**
   * Reads the form of earlier versions: time, code and values with a unit separator between, where
   * the position of a value is the id of its dimension. Such entries expire within a day after an
   * upgrade. The release after the first one with JSON can drop it.
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
    var values =
        Arrays.stream(Dimension.values())
            .map(dimension -> byId.getOrDefault(dimension.id(), ""))
            .toList();
    return new RecentClick(Instant.ofEpochMilli(at), code, values);
  }
}
