package clicktide.management;

import clicktide.http.ApiRequest;
import clicktide.http.ApiResponse;
import clicktide.http.Fields;
import clicktide.http.Problem;
import clicktide.link.Destination;
import clicktide.link.LinkDraft;
import clicktide.store.Await;
import clicktide.store.Links;

/** The routes of links by the id that another system has given them (A7). */
final class ExternalLinkRoutes {
  private final Links links;
  private final LinkWriter writer;
  private final Tenants tenants;
  private final NewCode codes;
  private final Destination destinations;
  private final LinkResponses responses;

  ExternalLinkRoutes(
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

  ApiResponse read(ApiRequest call) {
    var found = Await.on(links.findExternal(Tenants.of(call), externalId(call)));
    return responses.shown(found.orElseThrow(() -> Problem.notFound("link").raised()));
  }

  private static String externalId(ApiRequest call) {
    var id = call.path("externalId");
    if (id.isBlank() || id.length() > LinkFields.LONGEST_ID) {
      throw ApiRequest.invalid(
          "externalId",
          "`externalId` must have 1 to %d characters.".formatted(LinkFields.LONGEST_ID));
    }
    return id;
  }

  /** Creates the link, or changes it to the content of the body. */
  ApiResponse put(ApiRequest call) {
    var owner = Tenants.of(call);
    var id = externalId(call);
    var known = Await.on(links.findExternal(owner, id));
    call.requireMatch(known.map(responses::etag));
    var fields = Fields.of(call.json());
    var code = codes.of(fields, owner);
    var content = LinkFields.content(fields, known, destinations).withExternalId(id);
    if (known.isPresent() && !fields.has("destination")) {
      fields.fault("destination", "missing_field", "`destination` is required.");
    }
    if (known.isPresent() && code.isPresent() && !code.get().equals(known.get().code())) {
      fields.fault("code", "code_is_fixed", "`code` cannot be changed.");
    }
    fields.finish();
    if (known.isPresent()) {
      var change = writer.change(call.actor(), known.get(), content);
      return Tenants.changed(call, responses.shown(LinkWriter.require(call, change)));
    }
    tenants.require(owner);
    var draft = new LinkDraft(owner, code, content.rules(), content.notes());
    return responses.created(LinkWriter.require(writer.create(call.actor(), draft)));
  }
}
