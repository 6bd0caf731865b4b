package clicktide.management;

import clicktide.event.OwnerId;
import clicktide.http.ApiRequest;
import clicktide.http.ApiResponse;
import clicktide.http.Fields;
import clicktide.http.Problem;
import clicktide.link.Code;
import clicktide.link.Destination;
import clicktide.link.DomainName;
import clicktide.link.Link;
import clicktide.link.Link.Notes;
import clicktide.link.Link.Rules;
import clicktide.store.Await;
import clicktide.store.Links;
import clicktide.store.Owners;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Domains that serve the links of one owner (A7). The administrator gives them, who knows whose a
 * DNS name is; their owner says where they lead who asks for no name, or for one that is not there.
 */
final class DomainRoutes {
  private final LinkRoutes routes;
  private final Links links;
  private final Owners owners;
  private final Destination destinations;

  DomainRoutes(LinkRoutes routes, ManagementVerticle.Stores stores, Destination destinations) {
    this.routes = routes;
    this.links = stores.links();
    this.owners = stores.owners();
    this.destinations = destinations;
  }

  /** The two links of a domain that have no name. */
  private record Pair(Link front, Link unknown) {
    private String etag() {
      return "\"%s-%d-%d\""
          .formatted(Long.toString(unknown.id(), 36), front.version(), unknown.version());
    }
  }

  /** A domain as the API shows it; a destination that is not there is a page that says so. */
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  record DomainView(
      String domain,
      String ownerId,
      String defaultDestination,
      String notFoundDestination,
      String createdAt) {
    private static DomainView of(Pair pair) {
      return new DomainView(
          Code.domain(pair.unknown.code()).orElseThrow(),
          pair.unknown.owner().toString(),
          pair.front.rules().destination(),
          pair.unknown.rules().destination(),
          pair.unknown.createdAt().toString());
    }
  }

  /** All of an owner's. */
  record All(List<DomainView> domains) {}

  ApiResponse list(ApiRequest call) {
    var owner = LinkRoutes.owner(call);
    var unknown = Await.on(links.domains(owner));
    var codes = unknown.stream().map(DomainRoutes::front).toList();
    Map<String, Link> fronts =
        Await.on(links.named(owner, codes, List.of())).stream()
            .collect(Collectors.toMap(Link::code, Function.identity()));
    return ApiResponse.ok(
        new All(
            unknown.stream()
                .map(link -> DomainView.of(new Pair(fronts.get(front(link)), link)))
                .toList()));
  }

  private static String front(Link unknown) {
    return Code.front(Code.domain(unknown.code()).orElseThrow());
  }

  ApiResponse read(ApiRequest call) {
    return shown(visible(call));
  }

  private static ApiResponse shown(Pair pair) {
    return ApiResponse.kept(DomainView.of(pair), pair.etag(), 0);
  }

  private Pair visible(ApiRequest call) {
    return pair(call.path("domain"))
        .filter(pair -> !pair.unknown.isDeleted() && call.caller().sees(pair.unknown.owner()))
        .orElseThrow(() -> Problem.notFound("domain").raised());
  }

  private Optional<Pair> pair(String domain) {
    if (!DomainName.isCanonical(domain)) {
      return Optional.empty();
    }
    var unknown = Await.on(links.find(Code.unknown(domain)));
    return unknown.map(
        link -> new Pair(Await.on(links.find(Code.front(domain))).orElseThrow(), link));
  }

  /** Where it leads who asks for no name, and for an unknown one; absent: as it was. */
  private record Wish(Rules front, Rules unknown) {}

  private Wish wish(Fields fields, Rules front, Rules unknown) {
    return new Wish(
        rules(fields, "defaultDestination", front), rules(fields, "notFoundDestination", unknown));
  }

  private Rules rules(Fields fields, String name, Rules old) {
    var wanted = NewDestination.target(fields, name, destinations);
    return fields.has(name) ? wanted.map(Rules::to).orElse(Rules.NOWHERE) : old;
  }

  /** Gives a domain to an owner, or says where it leads; once given it stays with the owner. */
  ApiResponse put(ApiRequest call) {
    var domain =
        DomainName.parse(call.path("domain"))
            .orElseThrow(() -> ApiRequest.invalid("domain", "It is the name of a host."));
    var fields = Fields.of(call.json());
    var owner = LinkFields.owner(fields, call.caller());
    var wish = wish(fields, Rules.NOWHERE, Rules.NOWHERE);
    fields.finish();
    LinkRoutes.requireOwner(owners, owner);
    var known = pair(domain);
    call.requireMatch(known.filter(pair -> !pair.unknown.isDeleted()).map(Pair::etag));
    if (known.isEmpty()) {
      var drafts =
          List.of(
              draft(owner, Code.front(domain), wish.front),
              draft(owner, Code.unknown(domain), wish.unknown));
      Await.on(links.by(call.actor()).createAll(drafts, Map.of())).forEach(routes::announced);
    }
    var kept = keep(call, ofOwner(known.or(() -> pair(domain)), owner), wish);
    return known.filter(pair -> !pair.unknown.isDeleted()).isPresent()
        ? shown(kept)
        : ApiResponse.created("/v1/domains/" + domain, DomainView.of(kept), kept.etag());
  }

  private static Links.Draft draft(OwnerId owner, String code, Rules rules) {
    return new Links.Draft(owner, Optional.of(code), rules, Notes.NONE);
  }

  /** It is there now; but it may be somebody else's. */
  private static Pair ofOwner(Optional<Pair> there, OwnerId owner) {
    return there
        .filter(pair -> pair.unknown.owner().equals(owner))
        .orElseThrow(
            () ->
                Problem.conflict("domain_taken", "This domain is or was another owner's.")
                    .raised());
  }

  ApiResponse change(ApiRequest call) {
    var pair = visible(call);
    call.requireMatch(Optional.of(pair.etag()));
    var fields = Fields.of(call.json());
    var wish = wish(fields, pair.front.rules(), pair.unknown.rules());
    fields.finish();
    return shown(keep(call, pair, wish));
  }

  ApiResponse delete(ApiRequest call) {
    var pair = visible(call);
    call.requireMatch(Optional.of(pair.etag()));
    var search =
        new Links.Search(
            pair.unknown.owner(),
            Long.MAX_VALUE,
            Optional.empty(),
            List.of(),
            Optional.empty(),
            Code.domain(pair.unknown.code()));
    if (!Await.on(links.list(search, 1)).isEmpty()) {
      throw Problem.conflict("domain_in_use", "It has links; delete them first.").raised();
    }
    var gone =
        new Wish(
            pair.front.rules().in(Link.State.DELETED), pair.unknown.rules().in(Link.State.DELETED));
    keep(call, pair, gone);
    return ApiResponse.noContent();
  }

  private Pair keep(ApiRequest call, Pair pair, Wish wish) {
    return new Pair(keep(call, pair.front, wish.front), keep(call, pair.unknown, wish.unknown));
  }

  private Link keep(ApiRequest call, Link link, Rules rules) {
    return routes.keep(call, link, new LinkFields.Wish(rules, link.notes()));
  }
}
