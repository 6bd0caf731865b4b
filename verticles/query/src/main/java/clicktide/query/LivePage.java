package clicktide.query;

import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.io.UncheckedIOException;

/** The live page, the page of public numbers, and their assets, from the class path. */
final class LivePage {
  private LivePage() {}

  static void serve(Router router) {
    asset(router, "/", "live.html", "text/html; charset=utf-8");
    asset(router, "/live.js", "live.js", "text/javascript; charset=utf-8");
    asset(router, "/public/:code", "public.html", "text/html; charset=utf-8");
    asset(router, "/public.js", "public.js", "text/javascript; charset=utf-8");
    asset(router, "/live.css", "live.css", "text/css; charset=utf-8");
  }

  private static void asset(Router router, String path, String name, String type) {
    var content = read(name);
    router
        .get(path)
        .handler(
            context ->
                context
                    .response()
                    .putHeader("Content-Type", type)
                    .putHeader("Cache-Control", "no-cache")
                    .putHeader("X-Content-Type-Options", "nosniff")
                    .putHeader("Referrer-Policy", "no-referrer")
                    .putHeader(
                        "Content-Security-Policy",
                        "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'")
                    .end(content));
  }

  private static Buffer read(String name) {
    try (var in = LivePage.class.getResourceAsStream(name)) {
      return Buffer.buffer(in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
