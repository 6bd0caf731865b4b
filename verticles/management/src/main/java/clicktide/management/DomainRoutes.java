package clicktide.management;

import clicktide.event.OwnerId;
import clicktide.http.ApiRequest;
import clicktide.http.ApiResponse;
import clicktide.http.Fields;
import clicktide.http.Problem;
import clicktide.link.Destination;
import clicktide.link.Domain;
import clicktide.link.DomainDraft;
import clicktide.link.DomainName;
import clicktide.link.Link.Rules;
import clicktide.store.Await;
import clicktide.store.Links;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Optional;

/**
 * The routes of domains (A7). Only the administrator can tell who owns a DNS name, and gives it to
 * an owner. The owner decides where its root path and its unknown names lead.
 */
final class DomainRoutes {
  private final Links links;
  private final LinkWriter writer;
  private final Tenants tenants;
  private final Destination destinations;

  DomainRoutes(Links links, LinkWriter writer, Tenants tenants, Destination destinations) {
    this.links = links;
    this.writer = writer;
    this.tenants = tenants;
    this.destinations = destinations;
  }

  /** A domain as the API shows it. Without a destination a page answers 404. */
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  record DomainView(
      String domain,
      String ownerId,
      String defaultDestination,
      String notFoundDestination,
      String createdAt) {
    private static DomainView of(Domain domain) {
      return new DomainView(
          domain.name(),
          domain.owner().toString(),
          domain.front().rules().destination(),
          domain.unknown().rules().destination(),
          domain.createdAt().toString());
    }
  }

  /** All domains of an owner. */
  record DomainList(List<DomainView> domains) {}

  ApiResponse list(ApiRequest call) {
    var domains = Await.on(links.domains(Tenants.of(call)));
    return ApiResponse.ok(new DomainList(domains.stream().map(DomainView::of).toList()));
  }

  ApiResponse read(ApiRequest call) {
    return shown(visible(call));
  }

  private static ApiResponse shown(Domain domain) {
    return ApiResponse.kept(DomainView.of(domain), etag(domain), 0);
  }

  private static String etag(Domain domain) {
    return "\"%s-%d-%d\""
        .formatted(
            Long.toString(domain.unknown().id(), 36),
            domain.front().version(),
            domain.unknown().version());
  }

  private Domain visible(ApiRequest call) {
    return find(call.path("domain"))
        .filter(domain -> !domain.isDeleted() && call.caller().sees(domain.owner()))
        .orElseThrow(() -> Problem.notFound("domain").raised());
  }

  private Optional<Domain> find(String name) {
    return DomainName.isCanonical(name) ? Await.on(links.domain(name)) : Optional.empty();
  }

  /**
   * Gives a domain to an owner, or says where it leads. A domain once given stays with its owner.
   */
  ApiResponse put(ApiRequest call) {
    var name =
        DomainName.parse(call.path("domain"))
            .orElseThrow(() -> ApiRequest.invalid("domain", "`domain` must be a host name."));
    var fields = Fields.of(call.json());
    var owner = LinkFields.owner(fields, call.caller());
    var draft = draft(fields, owner, name, Rules.NOWHERE, Rules.NOWHERE);
    fields.finish();
    tenants.require(owner);
    var known = find(name);
    var active = known.filter(domain -> !domain.isDeleted());
    call.requireMatch(active.map(DomainRoutes::etag));
    var written = write(call, draft, known.map(domain -> ofOwner(domain, owner)));
    return active.isPresent()
        ? shown(written)
        : ApiResponse.created("/v1/domains/" + name, DomainView.of(written), etag(written));
  }

  private DomainDraft draft(Fields fields, OwnerId owner, String name, Rules front, Rules unknown) {
    return new DomainDraft(
        owner,
        name,
        rules(fields, "defaultDestination", front),
        rules(fields, "notFoundDestination", unknown));
  }

  private Rules rules(Fields fields, String name, Rules old) {
    var target = NewDestination.target(fields, name, destinations);
    return fields.has(name) ? target.map(Rules::to).orElse(Rules.NOWHERE) : old;
  }

  private static Domain ofOwner(Domain domain, OwnerId owner) {
    if (!domain.owner().equals(owner)) {
      throw Problem.conflict("domain_taken", "The domain is or was another owner's.").raised();
    }
    return domain;
  }

  ApiResponse change(ApiRequest call) {
    var domain = visible(call);
    call.requireMatch(Optional.of(etag(domain)));
    var fields = Fields.of(call.json());
    var draft =
        draft(
            fields,
            domain.owner(),
            domain.name(),
            domain.front().rules(),
            domain.unknown().rules());
    fields.finish();
    return Tenants.changed(call, shown(write(call, draft, Optional.of(domain))));
  }

  ApiResponse delete(ApiRequest call) {
    var domain = visible(call);
    call.requireMatch(Optional.of(etag(domain)));
    if (hasLinks(Links.Search.all(domain.owner()).domain(domain.name()))) {
      throw Problem.conflict("domain_in_use", "A domain with links cannot be deleted.").raised();
    }
    write(call, domain.deleted(), Optional.of(domain));
    return ApiResponse.noContent();
  }

  private boolean hasLinks(Links.Search search) {
    var listing = Await.on(links.list(search, 1));
    return !listing.links().isEmpty()
        || listing.next().isPresent() && hasLinks(search.before(listing.next().get()));
  }

  private Domain write(ApiRequest call, DomainDraft draft, Optional<Domain> known) {
    return switch (Await.on(links.by(call.actor()).put(draft, known))) {
      case Links.DomainStored(Domain domain) -> {
        writer.announce(domain.front());
        writer.announce(domain.unknown());
        yield domain;
      }
      case Links.NameTaken() -> // by a call at the same time
          write(call, draft, Optional.of(ofOwner(find(draft.name()).orElseThrow(), draft.owner())));
      case Links.Outdated() -> throw call.outdated("domain").raised();
    };
  }
}
