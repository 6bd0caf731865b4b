package clicktide.redis;

import clicktide.enrich.ClickValues;
import clicktide.enrich.Dimension;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.TreeMap;

/**
 * The texts of newest clicks with their ids: unusual codes, and values as a JSON object by the
 * permanent id of their dimension, without empty ones. Many clicks share a text, and its id costs
 * more than the rest of a click. For many threads.
 */
final class SharedTexts {
  private final Cache<String, SharedText> codes =
      Caffeine.newBuilder().maximumSize(10_000).executor(Runnable::run).build();
  private final Cache<ClickValues, SharedText> values =
      Caffeine.newBuilder().maximumSize(10_000).executor(Runnable::run).build();

  SharedText code(String code) {
    return codes.get(code, SharedText::of);
  }

  SharedText values(ClickValues clickValues) {
    return values.get(clickValues, SharedTexts::json);
  }

  private static SharedText json(ClickValues clickValues) {
    var byId = new TreeMap<Integer, String>();
    for (var dimension : Dimension.values()) {
      if (!clickValues.of(dimension).isEmpty()) {
        byId.put(dimension.id(), clickValues.of(dimension));
      }
    }
    return SharedText.of(RedisJson.write(byId));
  }
}
