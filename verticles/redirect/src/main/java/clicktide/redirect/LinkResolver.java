package clicktide.redirect;

import clicktide.link.Code;
import clicktide.link.Link;
import clicktide.net.ClientAddress;
import clicktide.replica.LinkMap;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.Locale;
import java.util.Optional;

/** Finds what a request asks for; where there is nothing, it gets a page that says so (A1, A7). */
final class LinkResolver {
  private final LinkMap links;
  private final LinkLookup misses;
  private final ClientAddress addresses;

  LinkResolver(LinkMap links, LinkLookup misses, ClientAddress addresses) {
    this.links = links;
    this.misses = misses;
    this.addresses = addresses;
  }

  /** What becomes of a link that was found, and of the code that its click is said to be of. */
  interface Answer {
    void with(Link link, String code);
  }

  void find(HttpServerRequest request, Answer answer) {
    var uri = request.uri();
    var code = code(uri.startsWith("/") ? uri : request.path()); // or the absolute form
    var domain = links.hasDomains() ? links.domain(host(request)) : Optional.<Link>empty();
    if (domain.isPresent()) {
      findOn(domain.get(), request, code, answer);
    } else if (!Code.isName(code)) {
      Pages.of(request.path()).answer(request);
    } else {
      var link = links.get(code);
      if (link.isPresent()) {
        answer.with(link.get(), link.get().code());
      } else {
        miss(request, code, Optional.empty(), answer);
      }
    }
  }

  /**
   * A domain has the links that were made on it, and those of its owner that were made on none. Who
   * asks for another name is counted with {@code unknown}.
   */
  private void findOn(Link unknown, HttpServerRequest request, String name, Answer answer) {
    var code = Code.on(name, Code.domain(unknown.code()).orElseThrow());
    if (!name.isEmpty() && !Code.isName(name)) {
      Pages.NOT_FOUND.answer(request);
      return;
    }
    var link =
        links.get(code).or(() -> links.get(name).filter(of -> of.owner().equals(unknown.owner())));
    if (link.isPresent()) {
      answer.with(link.get(), link.get().code());
    } else {
      miss(request, code, Optional.of(unknown), answer);
    }
  }

  /** As domains are written: in lower case, without the port and a dot at the end. */
  private static String host(HttpServerRequest request) {
    var text = request.getHeader(HttpHeaders.HOST);
    if (text == null) {
      return "";
    }
    var end = text.indexOf(':') < 0 ? text.length() : text.indexOf(':');
    return text.substring(0, end > 0 && text.charAt(end - 1) == '.' ? end - 1 : end)
        .toLowerCase(Locale.ROOT);
  }

  private void miss(HttpServerRequest request, String code, Optional<Link> unknown, Answer answer) {
    var peer = String.valueOf(request.remoteAddress().hostAddress());
    var address = addresses.of(peer, request.headers().getAll("x-forwarded-for"));
    var loop = Vertx.currentContext(); // another one may have asked: journals have one writer each
    misses
        .find(code, address)
        .onSuccess(
            outcome -> loop.runOnContext(_ -> answer(outcome, request, code, unknown, answer)));
  }

  private static void answer(
      LinkLookup.Outcome outcome,
      HttpServerRequest request,
      String code,
      Optional<Link> unknown,
      Answer answer) {
    switch (outcome) {
      case LinkLookup.Outcome.Found(Link link) -> answer.with(link, link.code());
      case LinkLookup.Outcome.Missing() ->
          unknown.ifPresentOrElse(
              link -> answer.with(link, code), () -> Pages.NOT_FOUND.answer(request));
      case LinkLookup.Outcome.Limited() -> Pages.TOO_MANY.answer(request);
      case LinkLookup.Outcome.Away() -> Pages.AWAY.answer(request);
    }
  }

  /** What stands between the first slash and the query; slashes in it make it invalid. */
  private static String code(String uri) {
    var end = uri.indexOf('?');
    return uri == null || uri.isEmpty()
        ? ""
        : uri.substring(1, end < 0 ? uri.length() : Math.max(1, end));
  }
}
