package clicktide.redirect;

import clicktide.http.Request;
import clicktide.link.Code;
import clicktide.link.Link;
import clicktide.net.ClientAddress;
import clicktide.redirect.Resolution.Match;
import clicktide.redirect.Resolution.NoLink;
import clicktide.replica.LinkMap;
import io.vertx.core.Future;
import java.util.Locale;
import java.util.Optional;

/** Resolution of a request to the link that answers it (A1, A7). */
final class LinkResolver {
  private final LinkMap links;
  private final LinkLookup lookup;
  private final ClientAddress addresses;

  LinkResolver(LinkMap links, LinkLookup lookup, ClientAddress addresses) {
    this.links = links;
    this.lookup = lookup;
    this.addresses = addresses;
  }

  /** Resolves a known link at once; only a code that the replica does not hold is pending. */
  Resolution resolve(Request request) {
    var uri = request.uri();
    var name = name(uri.startsWith("/") ? uri : request.path()); // or the absolute form
    var domain = links.hasDomains() ? links.domain(host(request)) : Optional.<Link>empty();
    if (domain.isPresent()) {
      return onDomain(domain.get(), request, name);
    }
    if (!Code.isName(name)) {
      return "/".equals(request.path()) ? NoLink.WELCOME : NoLink.NOT_FOUND;
    }
    var link = links.get(name);
    return link.isPresent()
        ? Match.of(link.get())
        : new Resolution.Pending(() -> find(request, name));
  }

  /**
   * A domain has its own links and those of its owner that belong to no domain. The link {@code
   * unknown} answers every other name.
   */
  private Resolution onDomain(Link unknown, Request request, String name) {
    if (!name.isEmpty() && !Code.isName(name)) {
      return NoLink.NOT_FOUND;
    }
    var code = Code.on(name, Code.domain(unknown.code()).orElseThrow());
    var link =
        links.get(code).or(() -> links.get(name).filter(of -> of.owner().equals(unknown.owner())));
    return link.isPresent()
        ? Match.of(link.get())
        : new Resolution.Pending(
            () ->
                find(request, code)
                    .compose(
                        found ->
                            found == NoLink.NOT_FOUND
                                ? withoutDomain(new Match(unknown, code), request, name)
                                : Future.succeededFuture(found)));
  }

  /** Only a replica without all links can miss a link of the owner that belongs to no domain. */
  private Future<Resolution> withoutDomain(Match unknown, Request request, String name) {
    return links.isPartial() && !name.isEmpty()
        ? find(request, name)
            .map(
                found ->
                    switch (found) {
                      case Match(Link link, _) when link.owner().equals(unknown.link().owner()) ->
                          found;
                      case Match _ -> unknown;
                      case NoLink.NOT_FOUND -> unknown;
                      case NoLink _, Resolution.Pending _ -> found;
                    })
        : Future.succeededFuture(unknown);
  }

  private Future<Resolution> find(Request request, String code) {
    return lookup.find(code, addresses.of(request.peer(), request.forwarded()));
  }

  /** Returns the host as domains are stored: lower case, without port and final dot. */
  private static String host(Request request) {
    var text = request.header(Request.Header.HOST);
    var end = text.indexOf(':') < 0 ? text.length() : text.indexOf(':');
    return text.substring(0, end > 0 && text.charAt(end - 1) == '.' ? end - 1 : end)
        .toLowerCase(Locale.ROOT);
  }

  /** Returns the text between the first slash and the query; further slashes make it invalid. */
  private static String name(String uri) {
    var end = uri.indexOf('?');
    return uri.isEmpty() ? "" : uri.substring(1, end < 0 ? uri.length() : Math.max(1, end));
  }
}
