package clicktide.management;

import clicktide.http.ApiRequest;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The format of an import: our own, or the one in which the API or the table of another shortener
 * writes links. Fields that have no equal here are left out. The count of clicks is kept as an
 * opening balance.
 */
enum ImportFormat {
  CLICKTIDE(Map.of()),
  /** The columns of its table, and the fields of the {@code stats} action of its API. */
  YOURLS(
      Map.of(
          "code", List.of("keyword", "shorturl"),
          "destination", List.of("url"),
          "title", List.of("title"),
          "clicks", List.of("clicks"))),
  /** The fields of {@code GET /rest/v3/short-urls}, and the table of its web client. */
  SHLINK(
      Map.of(
          "code", List.of("shortCode", "shortUrl"),
          "destination", List.of("longUrl"),
          "title", List.of("title"),
          "tags", List.of("tags"),
          "startsAt", List.of("meta.validSince"),
          "expiresAt", List.of("meta.validUntil"),
          "clickLimit", List.of("meta.maxVisits"),
          "forwardQuery", List.of("forwardQuery"),
          "clicks", List.of("visitsSummary.total", "visitsCount", "visits"))),
  /** The fields of {@code GET /api/v2/links}. */
  KUTT(
      Map.of(
          "code", List.of("address", "link"),
          "destination", List.of("target"),
          "title", List.of("description"),
          "expiresAt", List.of("expire_in"),
          "clicks", List.of("visit_count"))),
  /** The fields of {@code GET /v4/groups/{guid}/bitlinks}, and the columns of its table. */
  BITLY(
      Map.of(
          "code", List.of("id", "link", "bitlink"),
          "destination", List.of("long_url"),
          "title", List.of("title"),
          "tags", List.of("tags"),
          "clicks", List.of("clicks", "total_clicks")));

  private static final Pattern UP_TO_CODE = Pattern.compile("^.*/");

  private final Map<String, List<String>> names; // theirs by ours: the first that is present

  ImportFormat(Map<String, List<String>> names) {
    this.names = names;
  }

  static ImportFormat of(ApiRequest call) {
    return call.query("format")
        .map(
            text ->
                Arrays.stream(values())
                    .filter(one -> one.key().equals(text))
                    .findFirst()
                    .orElseThrow(
                        () ->
                            ApiRequest.invalid(
                                "format",
                                "`format` must be `clicktide`, `yourls`, `shlink`, `kutt` or `bitly`.")))
        .orElse(CLICKTIDE);
  }

  String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Returns a regular expression. */
  String tagSeparator() {
    return this == SHLINK ? "\\|" : ",";
  }

  /** Returns the row with our own names of its fields. */
  JsonNode fields(JsonNode row) {
    if (this == CLICKTIDE || !row.isObject()) {
      return row;
    }
    var fields = JsonNodeFactory.instance.objectNode();
    names.forEach(
        (ours, theirs) -> {
          for (var name : theirs) {
            var found = row.at("/" + name.replace('.', '/'));
            if (!found.isMissingNode() && !found.isNull() && !fields.has(ours)) {
              put(fields, ours, found);
            }
          }
        });
    return fields;
  }

  private static void put(ObjectNode fields, String name, JsonNode found) {
    switch (name) {
      // a whole short URL ends with the code
      case "code" -> fields.put(name, UP_TO_CODE.matcher(found.asText()).replaceFirst(""));
      case "clicks" -> {
        if (found.canConvertToLong() || found.asText().matches("\\d{1,15}")) {
          fields.put(name, found.asLong());
        }
      }
      default -> fields.set(name, found);
    }
  }
}
