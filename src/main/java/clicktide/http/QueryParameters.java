package clicktide.http;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The parameters of a query string, decoded and checked. */
final class QueryParameters {
  private QueryParameters() {}

  /**
   * Returns the values by name. Raises a problem of 400 for a query that cannot be decoded, control
   * characters here or in the path, unknown names, and names that occur more than once.
   */
  static Map<String, List<String>> of(
      HttpServerRequest request, Map<String, String> path, Set<String> known) {
    var query = new TreeMap<String, List<String>>();
    for (var parameter : decoded(request)) {
      query.computeIfAbsent(parameter.getKey(), _ -> new ArrayList<>()).add(parameter.getValue());
    }
    path.forEach(QueryParameters::requireText);
    query.forEach((name, values) -> values.forEach(value -> requireText(name, value)));
    query.keySet().removeAll(path.keySet()); // the router adds them to the query
    query.forEach((name, values) -> requireKnown(name, values, known));
    return query;
  }

  private static MultiMap decoded(HttpServerRequest request) {
    try {
      return request.params();
    } catch (IllegalArgumentException _) {
      throw Problem.malformed("malformed_query", "The query string cannot be decoded.").raised();
    }
  }

  private static void requireText(String name, String value) {
    if (value.chars().anyMatch(Character::isISOControl)) {
      throw ApiRequest.invalid(name, "`%s` cannot contain control characters.".formatted(name));
    }
  }

  private static void requireKnown(String name, List<String> values, Set<String> known) {
    if (!known.contains(name)) {
      var detail =
          "`%s` is unknown. Parameters here are: %s.".formatted(name, String.join(", ", known));
      throw ApiRequest.malformed("unknown_parameter", name, detail);
    }
    if (values.size() > 1) {
      throw ApiRequest.invalid(name, "`%s` may be given only once.".formatted(name));
    }
  }
}
