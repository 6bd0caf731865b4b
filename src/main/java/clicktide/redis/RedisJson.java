package clicktide.redis;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;

/** JSON as the scripts and the stored texts of this package use it. */
final class RedisJson {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private RedisJson() {}

  /** Writes a record as an object with the names of its components. */
  static String write(Object document) {
    try {
      return MAPPER.writeValueAsString(document);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("the document cannot be written as JSON", e);
    }
  }

  /** Reads one JSON value. Throws {@link IllegalArgumentException} for any other text. */
  static JsonNode read(String text) {
    try {
      return MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("the text is not JSON", e);
    }
  }
}
