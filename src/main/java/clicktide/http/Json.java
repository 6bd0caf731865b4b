package clicktide.http;

import clicktide.event.Sha256;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * Strict JSON: no duplicate keys, no comments, no byte order mark, no lone surrogates, no NUL, and
 * bounds on depth, sizes and the number of values.
 */
public final class Json {
  private static final int DEEPEST = 16;
  private static final int MOST_TOKENS = 130 * 1_000; // a full batch with 64 fields an event

  private static final ObjectMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(DEEPEST)
                          .maxTokenCount(MOST_TOKENS)
                          .maxNameLength(128)
                          .maxNumberLength(64)
                          .maxStringLength(64 * 1024)
                          .build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .build();

  private Json() {}

  /** Raises a problem of 400 for anything that is not one strict JSON value in UTF-8. */
  public static JsonNode parse(byte[] bytes) {
    try (JsonParser parser = MAPPER.createParser(utf8(bytes))) {
      JsonNode node = MAPPER.readTree(parser);
      if (node == null || node.isMissingNode() || parser.nextToken() != null) {
        throw malformed("one JSON value is expected");
      }
      check(node);
      return node;
    } catch (JsonProcessingException e) {
      var place = e.getLocation();
      throw malformed(
          place == null
              ? "it does not parse"
              : "it does not parse at line %d, column %d"
                  .formatted(place.getLineNr(), place.getColumnNr()));
    } catch (IOException _) {
      throw malformed("it does not parse");
    }
  }

  /** Text in UTF-8; raises a problem of 400 for any other encoding. */
  public static String text(byte[] bytes) {
    try {
      return utf8(bytes);
    } catch (CharacterCodingException _) {
      throw Problem.malformed("not_utf8", "The body is not text in UTF-8.").raised();
    }
  }

  /** As it would be written. */
  public static JsonNode tree(Object value) {
    return MAPPER.valueToTree(value);
  }

  /** Strictly: other encodings, a byte order mark and damaged characters are refused. */
  private static String utf8(byte[] bytes) throws CharacterCodingException {
    return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
  }

  private static void check(JsonNode node) {
    if (node.isTextual()) {
      requireText(node.textValue());
    }
    for (var names = node.fieldNames(); names.hasNext(); ) {
      requireText(names.next());
    }
    for (var child : node) {
      check(child);
    }
  }

  private static void requireText(String text) {
    if (text.indexOf(0) >= 0) {
      throw malformed("a text contains NUL");
    }
    // A code point that is a surrogate is one without its partner.
    if (text.codePoints()
        .anyMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE)) {
      throw malformed("a text contains a lone surrogate");
    }
  }

  private static Problem.Raised malformed(String detail) {
    return Problem.malformed("malformed_json", "The body is not strict JSON: %s.".formatted(detail))
        .raised();
  }

  /** An empty object. */
  public static ObjectNode object() {
    return MAPPER.createObjectNode();
  }

  /** 64 bits of the SHA-256 of what would be written: another one for another value. */
  public static String fingerprint(Object value) {
    return HexFormat.of().formatHex(Sha256.of(write(value)), 0, Long.BYTES);
  }

  /** Records and maps become objects, in the order of their components. */
  public static byte[] write(Object value) {
    try {
      return MAPPER.writeValueAsBytes(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("an answer that cannot be written", e);
    }
  }
}
