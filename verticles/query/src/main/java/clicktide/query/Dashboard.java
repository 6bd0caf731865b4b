package clicktide.query;

import clicktide.http.Json;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.GZIPOutputStream;

/**
 * The static files of the dashboard and of the public page, read from the class path. They refer to
 * no other host. Each file is compressed once. A browser that has the current version gets 304.
 */
final class Dashboard {
  private static final Map<String, String> TYPES =
      Map.of(
          "html", "text/html; charset=utf-8",
          "js", "text/javascript; charset=utf-8",
          "css", "text/css; charset=utf-8");

  /** Allows no other host, no inline code and no text as markup. */
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
          + "img-src 'self' data: blob:; form-action 'none'; frame-ancestors 'none'; base-uri 'none'; "
          + "require-trusted-types-for 'script'; trusted-types 'none'";

  private final Map<String, Asset> assets = new ConcurrentHashMap<>(); // existing files only

  private Dashboard() {}

  private record Asset(String type, Buffer plain, Buffer zipped, String etag) {}

  static void serve(Router router) {
    var dashboard = new Dashboard();
    router.get("/").handler(context -> dashboard.send(context, "index.html"));
    router.get("/public/:code").handler(context -> dashboard.send(context, "public.html"));
    router
        .getWithRegex("/ui/(?<file>[a-z]+\\.(?:js|css))")
        .handler(context -> dashboard.send(context, context.pathParam("file")));
  }

  private void send(RoutingContext context, String name) {
    asset(name).ifPresentOrElse(asset -> send(context, asset), context::next);
  }

  private static void send(RoutingContext context, Asset asset) {
    var response =
        context
            .response()
            .putHeader(HttpHeaders.CONTENT_TYPE, asset.type)
            .putHeader(HttpHeaders.CACHE_CONTROL, "no-cache")
            .putHeader(HttpHeaders.ETAG, asset.etag)
            .putHeader(HttpHeaders.VARY, HttpHeaders.ACCEPT_ENCODING)
            .putHeader("X-Content-Type-Options", "nosniff")
            .putHeader("Referrer-Policy", "no-referrer")
            .putHeader("Content-Security-Policy", POLICY);
    if (context.isFresh()) {
      response.setStatusCode(304).end();
      return;
    }
    var accepted = context.request().getHeader(HttpHeaders.ACCEPT_ENCODING);
    if (accepted != null && accepted.contains("gzip")) {
      response.putHeader(HttpHeaders.CONTENT_ENCODING, "gzip").end(asset.zipped);
    } else {
      response.end(asset.plain);
    }
  }

  /** Returns a file. Unknown names are not cached, because a client may request any number. */
  private Optional<Asset> asset(String name) {
    return Optional.ofNullable(assets.get(name))
        .or(
            () -> {
              var read = read(name);
              read.ifPresent(asset -> assets.put(name, asset));
              return read;
            });
  }

  private static Optional<Asset> read(String name) {
    try (var in = Dashboard.class.getResourceAsStream("dashboard/" + name)) {
      if (in == null) {
        return Optional.empty();
      }
      var content = in.readAllBytes();
      var zipped = new ByteArrayOutputStream();
      try (var zip = new GZIPOutputStream(zipped)) {
        zip.write(content);
      }
      var type = TYPES.get(name.substring(name.indexOf('.') + 1));
      var etag = "W/\"%s\"".formatted(Json.fingerprint(content)); // the same for both encodings
      return Optional.of(
          new Asset(type, Buffer.buffer(content), Buffer.buffer(zipped.toByteArray()), etag));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
