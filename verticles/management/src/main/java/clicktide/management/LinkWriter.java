package clicktide.management;

import clicktide.bus.Addresses;
import clicktide.http.ApiRequest;
import clicktide.http.Problem;
import clicktide.link.Link;
import clicktide.link.LinkDraft;
import clicktide.store.Actor;
import clicktide.store.Await;
import clicktide.store.Links;
import io.vertx.core.Vertx;

/** Creates and changes links, and announces each change to this process. */
final class LinkWriter {
  static final String QUOTA_EXCEEDED =
      "An owner cannot have more links than its quota. Deleted links count.";

  private final Vertx vertx;
  private final Links links;

  LinkWriter(Vertx vertx, Links links) {
    this.vertx = vertx;
    this.links = links;
  }

  Links.Creation create(Actor actor, LinkDraft draft) {
    var creation = Await.on(links.by(actor).create(draft));
    creation.created().ifPresent(this::announce);
    return creation;
  }

  /** Returns the new link, or raises a problem of 409 or 422. */
  static Link require(Links.Creation creation) {
    return switch (creation) {
      case Links.LinkCreated(Link link) -> link;
      case Links.CodeTaken _ ->
          throw Problem.conflict("code_taken", "`code` is or was in use.").raised();
      case Links.ExternalIdTaken _ -> throw externalIdTaken();
      case Links.QuotaExceeded _ ->
          throw Problem.refused("quota_exceeded", QUOTA_EXCEEDED).raised();
      case Actor.Repeat repeat -> throw RepeatedCall.problem(repeat);
    };
  }

  /** Writes nothing if the content is the same, so a call that is repeated makes no new version. */
  Links.Change change(Actor actor, Link link, LinkContent content) {
    if (content.equals(LinkContent.of(link))) {
      return new Links.LinkChanged(link);
    }
    var change = Await.on(links.by(actor).change(link, content.rules(), content.notes()));
    change.changed().ifPresent(this::announce);
    return change;
  }

  /** Returns the changed link, or raises a problem of 409 or 412. */
  static Link require(ApiRequest call, Links.Change change) {
    return switch (change) {
      case Links.LinkChanged(Link link) -> link;
      case Links.ExternalIdTaken _ -> throw externalIdTaken();
      case Links.Outdated _ -> throw call.outdated("link").raised();
    };
  }

  private static Problem.Raised externalIdTaken() {
    return Problem.conflict("external_id_taken", "`externalId` is in use for another link.")
        .raised();
  }

  void announce(Link link) {
    Addresses.LINKS_CHANGED.publish(vertx, link);
  }
}
