package clicktide.management;

import clicktide.http.ApiRequest;
import clicktide.http.ApiResponse;
import clicktide.http.Json;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** Writes links as CSV or as JSON Lines, in the form of an import (A7). */
final class LinkExport {
  private static final List<String> COLUMNS =
      List.of(
          "code",
          "destination",
          "title",
          "tags",
          "externalId",
          "redirectStatus",
          "enabled",
          "tracking",
          "forwardQuery",
          "clickLimit",
          "startsAt",
          "expiresAt");

  private LinkExport() {}

  static ApiResponse of(ApiRequest call, LinkLists.Found page) {
    var rows = page.links().stream().map(link -> Json.tree(link)).toList();
    var format = call.query("format").orElse("csv");
    var reply =
        switch (format) {
          case "csv" -> ApiResponse.ok(table(rows).getBytes(StandardCharsets.UTF_8)).as("text/csv");
          case "jsonl" ->
              ApiResponse.ok(lines(rows).getBytes(StandardCharsets.UTF_8))
                  .as("application/x-ndjson");
          default -> throw ApiRequest.invalid("format", "`format` must be `csv` or `jsonl`.");
        };
    return page.nextCursor()
        .map(cursor -> reply.with("Clicktide-Next-Cursor", cursor))
        .orElse(reply);
  }

  private static String table(List<JsonNode> rows) {
    return Csv.write(
        COLUMNS,
        rows.stream()
            .map(row -> COLUMNS.stream().map(column -> cell(row.path(column))).toList())
            .toList());
  }

  private static String cell(JsonNode value) {
    return value.isArray()
        ? StreamSupport.stream(value.spliterator(), false)
            .map(JsonNode::asText)
            .collect(Collectors.joining(","))
        : value.asText();
  }

  private static String lines(List<JsonNode> rows) {
    var text = new StringBuilder();
    for (var row : rows) {
      var object = Json.object();
      for (var column : COLUMNS) {
        if (row.has(column)) {
          object.set(column, row.get(column));
        }
      }
      text.append(object).append('\n');
    }
    return text.toString();
  }
}
