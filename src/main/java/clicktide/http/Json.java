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
 * Strict JSON. It has no duplicate keys, comments, byte order mark, lone surrogates or NUL, and
 * bounds on depth, sizes and the number of tokens.
 */
public final class Json {
  private static final int MAX_DEPTH = 16;
  private static final int MAX_TOKENS = 130 * 1_000; // 1,000 events of 64 fields
  private static final char REPLACEMENT = '\uFFFD'; // of bytes that are not UTF-8

  private static final ObjectMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(MAX_DEPTH)
                          .maxTokenCount(MAX_TOKENS)
                          .maxNameLength(128)
                          .maxNumberLength(64)
                          .maxStringLength(64 * 1024)
                          .build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .build();

  private Json() {}

  /** Reads one JSON value in UTF-8. Raises a problem of 400 for other bytes. */
  public static JsonNode parse(byte[] bytes) {
    try (JsonParser parser = MAPPER.createParser(utf8(bytes))) {
      JsonNode node = MAPPER.readTree(parser);
      if (node == null || node.isMissingNode() || parser.nextToken() != null) {
        throw malformed("one value is expected");
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

  /** Reads text in UTF-8. Raises a problem of 400 for another encoding. */
  public static String text(byte[] bytes) {
    try {
      return utf8(bytes);
    } catch (CharacterCodingException _) {
      throw Problem.malformed("not_utf8", "The body must be text in UTF-8.").raised();
    }
  }

  /** Returns the tree that {@link #write} would write. */
  public static JsonNode tree(Object value) {
    return MAPPER.valueToTree(value);
  }

  /** Refuses other encodings, a byte order mark and damaged characters. */
  private static String utf8(byte[] bytes) throws CharacterCodingException {
    var text = new String(bytes, StandardCharsets.UTF_8);
    return text.indexOf(REPLACEMENT) < 0 // a decoder takes three times the memory
        ? text
        : StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
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
    int c; // no stream of code points: collectors send many short texts
    for (var i = 0; i < text.length(); i += Character.charCount(c)) {
      c = text.codePointAt(i);
      if (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) { // it has no partner
        throw malformed("a text contains a lone surrogate");
      }
    }
  }

  private static Problem.Raised malformed(String detail) {
    return Problem.malformed(
            "malformed_json", "The body must be strict JSON: %s.".formatted(detail))
        .raised();
  }

  /** Returns an empty object. */
  public static ObjectNode object() {
    return MAPPER.createObjectNode();
  }

  /** Returns 64 bits of the SHA-256 digest of the written value, in hexadecimal. */
  public static String fingerprint(Object value) {
    return HexFormat.of().formatHex(Sha256.of(write(value)), 0, Long.BYTES);
  }

  /** Writes a value. Records and maps become objects, in the order of their components. */
  public static byte[] write(Object value) {
    try {
      return MAPPER.writeValueAsBytes(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a value cannot be written as JSON", e);
    }
  }
}
