package clicktide.redirect;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;

/**
 * A small HTML page that a visitor gets instead of a redirect. It repeats nothing of the request.
 */
enum VisitorPage {
  WELCOME(200, "Clicktide", "Clicktide serves short links on this host."),
  NOT_FOUND(404, "Not found", "The short link does not exist."),
  METHOD_NOT_ALLOWED(405, "Method not allowed", "Short links accept GET and HEAD only."),
  GONE(410, "Gone", "The short link is no longer active."),
  LIMITED(429, "Too many requests", "Too many requests for unknown links. Retry after 10 seconds."),
  STORE_UNAVAILABLE(
      503, "Service unavailable", "The short link cannot be looked up. Retry in a second.");

  private final int status;
  private final String page;

  VisitorPage(int status, String title, String text) {
    this.status = status;
    page =
        """
        <!doctype html>
        <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
        <title>%s</title>
        <style>body{font:16px/1.5 system-ui,sans-serif;margin:20vh auto 0;max-width:30rem;padding:0 1rem;color:#222}
        h1{font-size:1.4rem}</style></head>
        <body><h1>%s</h1><p>%s</p></body></html>
        """
            .formatted(title, title, text);
  }

  int status() {
    return status;
  }

  /** Returns the page for a request that no link answers. */
  static VisitorPage of(Resolution.NoLink reason) {
    return switch (reason) {
      case WELCOME -> WELCOME;
      case NOT_FOUND -> NOT_FOUND;
      case LIMITED -> LIMITED;
      case STORE_UNAVAILABLE -> STORE_UNAVAILABLE;
    };
  }

  /** Writes the page; does nothing if the client has gone. */
  void answer(HttpServerRequest request) {
    var response = request.response();
    if (response.ended() || response.closed()) {
      return;
    }
    response
        .setStatusCode(status)
        .putHeader("Content-Type", "text/html; charset=utf-8")
        .putHeader("Cache-Control", "no-store")
        .putHeader("X-Content-Type-Options", "nosniff")
        .putHeader("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'");
    if (status == 429 || status == 503) {
      response.putHeader("Retry-After", status == 429 ? "10" : "1");
    }
    if (request.method().equals(HttpMethod.HEAD)) {
      response.putHeader("Content-Length", Integer.toString(page.length())).end();
    } else {
      response.end(page);
    }
  }
}
