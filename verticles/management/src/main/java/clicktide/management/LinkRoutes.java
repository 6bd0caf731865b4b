package clicktide.management;

import clicktide.bus.Addresses;
import clicktide.event.OwnerId;
import clicktide.http.ApiRequest;
import clicktide.http.ApiResponse;
import clicktide.http.Caller;
import clicktide.http.Fields;
import clicktide.http.Problem;
import clicktide.link.Code;
import clicktide.link.Destination;
import clicktide.link.DomainName;
import clicktide.link.Link;
import clicktide.management.LinkFields.Wish;
import clicktide.store.Actor;
import clicktide.store.Await;
import clicktide.store.Links;
import clicktide.store.Owners;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.URI;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;

/** Making, reading and changing links (A7). */
final class LinkRoutes {
  private final Vertx vertx;
  private final Links links;
  private final Owners owners;
  private final Destination destinations;
  private final URI publicUrl;
  private final InstantSource clock;

  LinkRoutes(
      Vertx vertx,
      ManagementVerticle.Stores stores,
      ManagementVerticle.Rules rules,
      InstantSource clock) {
    this.vertx = vertx;
    this.links = stores.links();
    this.owners = stores.owners();
    this.destinations = rules.destinations();
    this.publicUrl = rules.publicUrl();
    this.clock = clock;
  }

  ApiResponse create(ApiRequest call) {
    var fields = Fields.of(call.json());
    var owner = LinkFields.owner(fields, call.caller());
    var code = NewCode.of(fields, domain -> isDomainOf(links, owner, domain));
    var wish = LinkFields.wish(fields, Optional.empty(), destinations);
    fields.finish();
    requireOwner(owner);
    try {
      return created(create(call.actorOnce(), owner, code, wish));
    } catch (Actor.Done done) {
      return Await.on(links.find(done.what()))
          .filter(link -> !link.isDeleted())
          .map(link -> created(link).with("Idempotency-Replayed", "true"))
          .orElseThrow(() -> done);
    }
  }

  private Link create(Actor actor, OwnerId owner, Optional<String> code, Wish wish) {
    var mine = links.by(actor);
    return announced(
        refusing(() -> mine.create(new Links.Draft(owner, code, wish.rules(), wish.notes()))));
  }

  private ApiResponse created(Link link) {
    return ApiResponse.created("/v1/links/" + link.code(), show(link), etag(link));
  }

  static boolean isDomainOf(Links links, OwnerId owner, String domain) {
    return DomainName.isCanonical(domain)
        && Await.on(links.find(Code.unknown(domain)))
            .filter(found -> found.owner().equals(owner) && !found.isDeleted())
            .isPresent();
  }

  /** What has no name belongs to its domain, and is changed there. */
  private Link named(ApiRequest call) {
    var link = call.visibleLink(links::find);
    if (Code.isNameless(link.code())) {
      throw Problem.notFound("link").raised();
    }
    return link;
  }

  private void requireOwner(OwnerId owner) {
    requireOwner(owners, owner);
  }

  static void requireOwner(Owners owners, OwnerId owner) {
    if (!Await.on(owners.exists(owner))) {
      throw Problem.refused("unknown_owner", "There is no such owner.").raised();
    }
  }

  ApiResponse read(ApiRequest call) {
    var link = named(call);
    var opening = Await.on(links.opening(link.id()));
    var shown = opening.map(show(link)::with).orElseGet(() -> show(link));
    return ApiResponse.kept(shown, etag(link), 0);
  }

  private ApiResponse shown(Link link) {
    return ApiResponse.kept(show(link), etag(link), 0);
  }

  /** Whose links: the caller's own, or those of the owner that the administrator names. */
  static OwnerId owner(ApiRequest call) {
    return switch (call.caller()) {
      case Caller.Owner self -> self.id();
      case Caller.Administrator _ ->
          call.query("ownerId")
              .flatMap(OwnerId::parse)
              .orElseThrow(
                  () -> ApiRequest.invalid("ownerId", "Name the owner whose links to list."));
    };
  }

  ApiResponse change(ApiRequest call) {
    var link = named(call);
    call.requireMatch(Optional.of(etag(link)));
    var fields = Fields.of(call.json());
    var wish = LinkFields.wish(fields, Optional.of(link), destinations);
    fields.finish();
    return shown(keep(call, link, wish));
  }

  ApiResponse delete(ApiRequest call) {
    var link = named(call);
    call.requireMatch(Optional.of(etag(link)));
    keep(call, link, new Wish(link.rules().in(Link.State.DELETED), link.notes()));
    return ApiResponse.noContent();
  }

  ApiResponse readExternal(ApiRequest call) {
    var found = Await.on(links.findExternal(owner(call), externalId(call)));
    return shown(found.orElseThrow(() -> Problem.notFound("link").raised()));
  }

  private static String externalId(ApiRequest call) {
    var id = call.path("externalId");
    if (id.isBlank() || id.length() > LinkFields.LONGEST_ID) {
      throw ApiRequest.invalid(
          "externalId", "It has 1 to %d characters.".formatted(LinkFields.LONGEST_ID));
    }
    return id;
  }

  /** Makes the link that has this name elsewhere what the body says, whether it is there or not. */
  ApiResponse putExternal(ApiRequest call) {
    var owner = owner(call);
    var id = externalId(call);
    var known = Await.on(links.findExternal(owner, id));
    call.requireMatch(known.map(this::etag));
    var fields = Fields.of(call.json());
    var code = NewCode.of(fields, domain -> isDomainOf(links, owner, domain));
    var wish = LinkFields.wish(fields, known, destinations).named(id);
    if (known.isPresent() && !fields.has("destination")) {
      fields.fault("destination", "missing_field", "What is put has a destination.");
    }
    if (known.isPresent() && code.isPresent() && !code.get().equals(known.get().code())) {
      fields.fault("code", "code_is_fixed", "The code of a link cannot be changed.");
    }
    fields.finish();
    if (known.isPresent()) {
      return shown(keep(call, known.get(), wish));
    }
    requireOwner(owner);
    return created(create(call.actor(), owner, code, wish));
  }

  /** Does not write what changes nothing, so that doing it twice is doing it once. */
  Link keep(ApiRequest call, Link link, Wish wish) {
    if (wish.equals(new Wish(link.rules(), link.notes()))) {
      return link;
    }
    var mine = links.by(call.actor());
    var kept =
        refusing(() -> mine.change(link, wish.rules(), wish.notes()))
            .orElseThrow(
                () ->
                    Problem.conflict(
                            "changed_meanwhile", "Somebody else changed this; read it again.")
                        .raised());
    return announced(kept);
  }

  Link announced(Link link) {
    Addresses.LINKS_CHANGED.publish(vertx, link);
    return link;
  }

  private static <T> T refusing(Supplier<Future<T>> write) {
    try {
      return Await.on(write.get());
    } catch (Links.Taken taken) {
      throw (taken.isCode()
              ? Problem.conflict("code_taken", "This code is or was in use.")
              : Problem.conflict("external_id_taken", "Another link has this external id."))
          .raised();
    }
  }

  private String etag(Link link) {
    return LinkView.etag(link, clock.instant());
  }

  private LinkView show(Link link) {
    return LinkView.of(link, publicUrl, clock.instant());
  }
}
