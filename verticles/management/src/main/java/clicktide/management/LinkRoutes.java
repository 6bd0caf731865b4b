package clicktide.management;

import clicktide.http.ApiRequest;
import clicktide.http.ApiResponse;
import clicktide.http.Fields;
import clicktide.http.Problem;
import clicktide.link.Destination;
import clicktide.link.Link;
import clicktide.link.LinkDraft;
import clicktide.store.Actor;
import clicktide.store.Await;
import clicktide.store.Links;
import clicktide.store.Owners.Scope;
import java.util.Optional;

/** The routes of links by code (A7). */
final class LinkRoutes {
  private final Links links;
  private final LinkWriter writer;
  private final Tenants tenants;
  private final NewCode codes;
  private final Destination destinations;
  private final LinkResponses responses;

  LinkRoutes(
      Links links,
      LinkWriter writer,
      Tenants tenants,
      NewCode codes,
      Destination destinations,
      LinkResponses responses) {
    this.links = links;
    this.writer = writer;
    this.tenants = tenants;
    this.codes = codes;
    this.destinations = destinations;
    this.responses = responses;
  }

  ApiResponse create(ApiRequest call) {
    var fields = Fields.of(call.json());
    var owner = LinkFields.owner(fields, call.caller());
    var code = codes.of(fields, owner);
    var content = LinkFields.content(fields, Optional.empty(), destinations);
    fields.finish();
    tenants.require(owner);
    var draft = new LinkDraft(owner, code, content.rules(), content.notes());
    var creation = writer.create(call.actorOnce(), draft);
    return creation instanceof Actor.Replayed replayed
        ? replayed(call, replayed)
        : responses.created(LinkWriter.require(creation));
  }

  /** Shows the link of the earlier call, unless it was deleted since or the key cannot read it. */
  private ApiResponse replayed(ApiRequest call, Actor.Replayed replayed) {
    return Await.on(links.find(replayed.name()))
        .filter(link -> !link.isDeleted() && call.caller().may(Scope.LINKS_READ))
        .map(link -> responses.created(link).with("Idempotency-Replayed", "true"))
        .orElseThrow(() -> RepeatedCall.problem(replayed));
  }

  ApiResponse read(ApiRequest call) {
    var link = visible(call);
    return responses.shown(link, Await.on(links.opening(link.id())));
  }

  /** Pages of a domain are read and changed as parts of it. */
  private Link visible(ApiRequest call) {
    var link = call.visibleLink(links::find);
    if (link.isPage()) {
      throw Problem.notFound("link").raised();
    }
    return link;
  }

  ApiResponse change(ApiRequest call) {
    var link = visible(call);
    call.requireMatch(Optional.of(responses.etag(link)));
    var fields = Fields.of(call.json());
    var content = LinkFields.content(fields, Optional.of(link), destinations);
    fields.finish();
    var changed = LinkWriter.require(call, writer.change(call.actor(), link, content));
    return Tenants.changed(call, responses.shown(changed));
  }

  ApiResponse delete(ApiRequest call) {
    var link = visible(call);
    call.requireMatch(Optional.of(responses.etag(link)));
    var deleted = LinkContent.of(link).withState(Link.State.DELETED);
    LinkWriter.require(call, writer.change(call.actor(), link, deleted));
    return ApiResponse.noContent();
  }
}
