package clicktide.http;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;

/** The API description as an HTML page without any script. */
final class ContractPage {
  private static final Set<String> METHODS = Set.of("get", "put", "post", "patch", "delete");
  private static final String STYLE =
      """
      body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color-scheme:light dark}
      code,pre{font:14px ui-monospace,monospace}pre{overflow:auto;padding:.75rem;border:1px solid #8888}
      h2{margin-top:2.5rem}h3{margin-bottom:0}table{border-collapse:collapse}td,th{text-align:left;padding:.15rem .8rem .15rem 0;vertical-align:top}
      .scope{font-size:.85rem}
      """;

  private ContractPage() {}

  static byte[] of(JsonNode document) {
    var title = escaped(document.at("/info/title").asText());
    var text = new StringBuilder();
    text.append("<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>")
        .append(title)
        .append(" API</title><meta name=\"viewport\" content=\"width=device-width\"><style>")
        .append(STYLE)
        .append("</style><h1>")
        .append(title)
        .append(" API</h1><p>")
        .append(escaped(document.at("/info/description").asText()))
        .append("<p>Documents: <a href=\"/openapi.json\">openapi.json</a>, ")
        .append("<a href=\"/asyncapi.json\">asyncapi.json</a>");
    for (var tag : document.path("tags")) {
      text.append("<h2>%s</h2>".formatted(escaped(tag.path("description").asText())));
      paths(text, document, tag.path("name").asText());
    }
    return text.append("</html>").toString().getBytes(StandardCharsets.UTF_8);
  }

  private static void paths(StringBuilder text, JsonNode document, String tag) {
    for (var path : document.path("paths").properties()) {
      for (var method : path.getValue().properties()) {
        if (METHODS.contains(method.getKey())
            && method.getValue().at("/tags/0").asText().equals(tag)) {
          operation(text, document, path.getKey(), method.getKey(), path.getValue());
        }
      }
    }
  }

  private static void operation(
      StringBuilder text, JsonNode document, String path, String method, JsonNode item) {
    var operation = item.path(method);
    text.append("<h3 id=\"%s\"><code>".formatted(operation.path("operationId").asText()))
        .append(method.toUpperCase(Locale.ROOT))
        .append(' ')
        .append(escaped(path))
        .append("</code></h3><p>")
        .append(escaped(operation.path("summary").asText()))
        .append(" <span class=\"scope\">(scope <code>")
        .append(escaped(operation.path("x-scope").asText()))
        .append("</code>)</span> ")
        .append(escaped(operation.path("description").asText()));
    text.append("<table>");
    for (var parameters : new JsonNode[] {item.path("parameters"), operation.path("parameters")}) {
      parameters.forEach(parameter -> parameter(text, document, parameter));
    }
    text.append("</table>");
    for (var body : operation.at("/requestBody/content").properties()) {
      for (var example : body.getValue().path("examples")) {
        text.append("<pre>%s</pre>".formatted(escaped(example.path("value").toPrettyString())));
      }
    }
  }

  private static void parameter(StringBuilder text, JsonNode document, JsonNode parameter) {
    var reference = parameter.path("$ref").asText();
    var found = reference.isEmpty() ? parameter : document.at(reference.substring(1));
    var values = found.at("/schema/enum");
    text.append("<tr><td><code>")
        .append(escaped(found.path("name").asText()))
        .append("</code><td>")
        .append(escaped(found.path("in").asText()))
        .append("<td>")
        .append(escaped(found.path("description").asText()));
    if (!values.isMissingNode()) {
      text.append(" <code>%s</code>".formatted(escaped(values.toString())));
    }
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
