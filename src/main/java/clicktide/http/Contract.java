package clicktide.http;

import clicktide.store.Owners.Scope;
import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * The API description (E11), an OpenAPI 3.1 document, and the description of the socket. The
 * document decides the parameters of a call, and a route without a description cannot be added.
 */
public final class Contract {
  private static final int MAX_CODE_POINTS = 1 << 20;

  private final JsonNode document;
  private final JsonNode live;

  private Contract(JsonNode document, JsonNode live) {
    this.document = document;
    this.live = live;
  }

  /** Reads both descriptions from the class path. */
  public static Contract load() {
    return new Contract(read("openapi.yaml"), read("asyncapi.yaml"));
  }

  private static JsonNode read(String name) {
    var options = new LoaderOptions();
    options.setCodePointLimit(MAX_CODE_POINTS);
    try (var in = Contract.class.getResourceAsStream(name)) {
      Object tree = new Yaml(new SafeConstructor(options)).load(in);
      return Json.parse(Json.write(tree));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public JsonNode document() {
    return document;
  }

  /** Serves the documents and a page that shows them, without a key. */
  public void serve(Router router) {
    serve(router, "/openapi.json", "application/json", Json.write(document));
    serve(router, "/asyncapi.json", "application/json", Json.write(live));
    serve(router, "/docs", "text/html; charset=utf-8", ContractPage.of(document));
  }

  private static void serve(Router router, String path, String type, byte[] bytes) {
    var etag = "\"%s\"".formatted(Json.fingerprint(bytes));
    router
        .get(path)
        .handler(
            context ->
                context
                    .response()
                    .putHeader("Content-Type", type)
                    .putHeader("ETag", etag)
                    .putHeader("Cache-Control", "no-cache")
                    .putHeader("X-Content-Type-Options", "nosniff")
                    .putHeader(
                        "Content-Security-Policy",
                        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'")
                    .end(Buffer.buffer(bytes)));
  }

  /**
   * Returns the names of the query parameters of an operation; {@code path} has the form of the
   * router. Throws {@link IllegalStateException} if the description lacks it or has another scope.
   */
  Set<String> parameters(HttpMethod method, String path, Optional<Scope> scope) {
    var item = document.path("paths").path(path.replaceAll(":(\\w+)", "{$1}"));
    var operation = item.path(method.name().toLowerCase(Locale.ROOT));
    var needed = scope.map(Scope::key).orElse("none");
    if (!operation.path("x-scope").asText().equals(needed)) {
      throw new IllegalStateException(
          "%s %s is not described with %s".formatted(method, path, needed));
    }
    var names = new TreeSet<String>();
    for (var list : new JsonNode[] {item.path("parameters"), operation.path("parameters")}) {
      for (var parameter : list) {
        var found = resolved(parameter);
        if (found.path("in").asText().equals("query")) {
          names.add(found.path("name").asText());
        }
      }
    }
    return names;
  }

  private JsonNode resolved(JsonNode node) {
    var reference = node.path("$ref").asText();
    return reference.isEmpty() ? node : document.at(reference.substring(1));
  }
}
