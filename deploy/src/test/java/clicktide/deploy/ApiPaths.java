package clicktide.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import clicktide.settings.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** The routes of the API port by role, as the verticles add them, and the tables of proxies. */
final class ApiPaths {
  private static final Path ROOT = Path.of(System.getProperty("clicktide.root"));
  private static final Pattern ROUTE =
      Pattern.compile("\\.(?:get|post|put|patch|delete|open)\\(\\s*\"(/[^\"]*)\"");
  private static final List<String> QUERY_FILES = List.of("QueryVerticle", "Dashboard");

  private ApiPaths() {}

  /** A row of a proxy's table: paths that begin like the expression belong to the role. */
  record Row(String expression, String role) {}

  /** Returns the role of every route, with an example for each parameter. */
  private static Map<String, Role> routes() throws IOException {
    var routes = new TreeMap<String, Role>();
    add(routes, Role.INGEST, List.of("IngestVerticle"));
    add(routes, Role.MANAGEMENT, List.of("ManagementVerticle"));
    add(routes, Role.QUERY, QUERY_FILES);
    routes.put("/style.css", Role.QUERY);
    return routes;
  }

  private static void add(Map<String, Role> routes, Role role, List<String> files)
      throws IOException {
    var name = role.name().toLowerCase(Locale.ROOT);
    for (var file : files) {
      var source = "verticles/%1$s/src/main/java/clicktide/%1$s/%2$s.java".formatted(name, file);
      ROUTE
          .matcher(Files.readString(ROOT.resolve(source)))
          .results()
          .forEach(route -> routes.put(route.group(1).replaceAll(":\\w+", "me"), role));
    }
  }

  /** Checks that the first row that fits a path has the role with its route. */
  static void assertLeadToTheirRoles(List<Row> table) throws IOException {
    assertThat(routes()).hasSizeGreaterThan(20);
    routes()
        .forEach(
            (path, role) ->
                assertThat(table)
                    .as(path)
                    .filteredOn(row -> Pattern.compile("^" + row.expression()).matcher(path).find())
                    .first()
                    .extracting(Row::role)
                    .isEqualTo(role.name().toLowerCase(Locale.ROOT)));
  }
}
