package clicktide.management;

import clicktide.http.ApiRequest;
import clicktide.http.Json;
import clicktide.http.Problem;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Reads the rows of a bulk import as JSON objects with the fields of a link. The body is a JSON
 * array, an object that contains one, JSON Lines, or CSV.
 */
final class ImportedRows {
  static final int MOST = 1_000;

  private ImportedRows() {}

  /** Raises a problem of 400, 413, 415 or 422 for a body of another form or with too many rows. */
  static List<JsonNode> of(ApiRequest call, ImportFormat format) {
    var type = call.contentType();
    var rows =
        switch (type) {
          case "application/json" -> array(call.json());
          case "application/x-ndjson", "application/jsonl" -> lines(text(call));
          case "text/csv" -> table(text(call), format);
          default ->
              throw Problem.unsupported(
                      "unknown_format",
                      "`Content-Type` must be application/json, application/x-ndjson or text/csv.")
                  .raised();
        };
    if (rows.size() > MOST) {
      throw tooMany();
    }
    return rows.stream().map(format::fields).toList();
  }

  private static Problem.Raised tooMany() {
    return Problem.tooLarge("An import cannot have more than %d links.".formatted(MOST)).raised();
  }

  /** Finds the first array in the body, at any depth, since other shorteners wrap their lists. */
  private static List<JsonNode> array(JsonNode body) {
    var rows = new ArrayList<JsonNode>();
    var named = body.path("links"); // YOURLS has an object of links here
    var found = named.isObject() ? named : find(body);
    if (found == null) {
      throw Problem.refused("no_list", "The body must contain a list of links.").raised();
    }
    found.forEach(rows::add);
    return rows;
  }

  private static JsonNode find(JsonNode node) {
    if (node.isArray()) {
      return node;
    }
    for (var child : node) {
      var found = child.isContainerNode() ? find(child) : null;
      if (found != null) {
        return found;
      }
    }
    return null;
  }

  /** Returns the body without a byte order mark. */
  private static String text(ApiRequest call) {
    var text = Json.text(call.bytes());
    return text.startsWith("\ufeff") ? text.substring(1) : text;
  }

  private static List<JsonNode> lines(String body) {
    var lines = body.lines().filter(line -> !line.isBlank());
    return lines
        .limit(MOST + 1L)
        .map(line -> Json.parse(line.getBytes(StandardCharsets.UTF_8)))
        .toList();
  }

  private static List<JsonNode> table(String text, ImportFormat format) {
    try {
      return Csv.read(text, MOST, format == ImportFormat.CLICKTIDE).stream()
          .map(row -> Json.parse(Json.write(object(row, format)))) // as strictly as JSON itself
          .toList();
    } catch (IllegalArgumentException e) {
      throw Problem.malformed("malformed_csv", "The CSV is invalid: %s.".formatted(e.getMessage()))
          .raised();
    }
  }

  private static ObjectNode object(Map<String, String> row, ImportFormat format) {
    var object = JsonNodeFactory.instance.objectNode();
    row.forEach(
        (name, cell) -> {
          if (!cell.isEmpty()) {
            put(object, name.strip(), cell, format);
          }
        });
    return object;
  }

  private static void put(ObjectNode object, String name, String cell, ImportFormat format) {
    switch (name) {
      case "redirectStatus", "clickLimit", "clicks", "visits" -> object.set(name, number(cell));
      case "enabled", "forwardQuery" ->
          object.set(
              name,
              switch (cell.toLowerCase(Locale.ROOT)) {
                case "true", "yes", "1" -> object.booleanNode(true);
                case "false", "no", "0" -> object.booleanNode(false);
                default -> object.textNode(cell); // refused later, as it is no flag
              });
      case "tags" -> {
        var tags = object.putArray(name);
        Arrays.stream(cell.split(format.tagSeparator())).map(String::strip).forEach(tags::add);
      }
      default -> object.put(name, cell);
    }
  }

  private static JsonNode number(String cell) {
    try {
      return JsonNodeFactory.instance.numberNode(Long.parseLong(cell.strip()));
    } catch (NumberFormatException _) {
      return JsonNodeFactory.instance.textNode(cell); // refused later, as it is no number
    }
  }
}
