package clicktide.ingest;

import clicktide.bus.Addresses;
import clicktide.event.OwnerId;
import clicktide.http.Call;
import clicktide.http.Caller;
import clicktide.http.Fields;
import clicktide.http.Problem;
import clicktide.http.Reply;
import clicktide.link.Destination;
import clicktide.link.Link;
import clicktide.link.Link.Rules;
import clicktide.store.Await;
import clicktide.store.Links;
import clicktide.store.Owners;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.vertx.core.Vertx;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/** Making, reading and changing links (A7). */
final class LinkRoutes {
  private final Vertx vertx;
  private final Links links;
  private final Owners owners;
  private final Destination destinations;
  private final URI publicUrl;

  LinkRoutes(Vertx vertx, Links links, Owners owners, Destination destinations, URI publicUrl) {
    this.vertx = vertx;
    this.links = links;
    this.owners = owners;
    this.destinations = destinations;
    this.publicUrl = publicUrl;
  }

  /** A link as the API shows it. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Shown(
      String code,
      String shortUrl,
      String destination,
      String ownerId,
      int redirectStatus,
      boolean enabled,
      String tracking,
      String startsAt,
      String expiresAt,
      String createdAt,
      String updatedAt,
      int version) {}

  /** A page of links. */
  record Page(List<Shown> links, @JsonInclude(JsonInclude.Include.NON_NULL) String nextCursor) {}

  Reply create(Call call) {
    call.allow();
    var fields = Fields.of(call.json());
    var destination = LinkFields.destination(fields, destinations);
    var code = LinkFields.code(fields);
    if (fields.isAbsent("destination")) {
      fields.fault("destination", "missing_field", "A link needs a destination.");
    }
    var owner = LinkFields.owner(fields, call.caller());
    var status = LinkFields.status(fields).orElse(302);
    var tracking = LinkFields.tracking(fields).orElse(Link.Tracking.FULL);
    var starts = fields.instant("startsAt");
    var expires = fields.instant("expiresAt");
    LinkFields.requireOrder(fields, starts, expires);
    fields.finish();
    requireOwner(owner);
    try {
      var rules =
          new Rules(
              destination.orElseThrow(), status, Link.State.ACTIVE, tracking, starts, expires);
      var link = Await.on(links.create(new Links.Draft(owner, code, rules)));
      Addresses.LINKS_CHANGED.publish(vertx, link);
      return Reply.created("/v1/links/" + link.code(), show(link));
    } catch (Links.Taken _) {
      throw Problem.conflict("code_taken", "This code is or was in use.").raised();
    }
  }

  private void requireOwner(OwnerId owner) {
    if (!Await.on(owners.exists(owner))) {
      throw Problem.refused("unknown_owner", "There is no such owner.").raised();
    }
  }

  Reply read(Call call) {
    call.allow();
    return Reply.ok(show(call.visibleLink(links::find)));
  }

  Reply list(Call call) {
    call.allow("limit", "cursor", "ownerId");
    var limit = call.integer("limit", 50, 1, 200);
    var before = call.query("cursor").map(LinkRoutes::position).orElse(Long.MAX_VALUE);
    var owner =
        switch (call.caller()) {
          case Caller.Owner self -> self.id();
          case Caller.Administrator _ ->
              call.query("ownerId")
                  .flatMap(OwnerId::parse)
                  .orElseThrow(
                      () -> Call.invalid("ownerId", "Name the owner whose links to list."));
        };
    var found = Await.on(links.list(owner, before, limit + 1));
    var page = found.subList(0, Math.min(limit, found.size()));
    var next = found.size() > limit ? Long.toString(page.getLast().id(), 36) : null;
    return Reply.ok(new Page(page.stream().map(this::show).toList(), next));
  }

  private static long position(String cursor) {
    try {
      return Long.parseLong(cursor, 36);
    } catch (NumberFormatException _) {
      throw Call.invalid("cursor", "It is not a cursor of this list.");
    }
  }

  Reply change(Call call) {
    call.allow();
    var link = call.visibleLink(links::find);
    var fields = Fields.of(call.json());
    var destination = LinkFields.destination(fields, destinations);
    if (fields.has("destination") && fields.isAbsent("destination")) {
      fields.fault("destination", "missing_field", "A link needs a destination.");
    }
    var status = LinkFields.status(fields);
    var enabled = fields.flag("enabled");
    var tracking = LinkFields.tracking(fields);
    var starts = fields.has("startsAt") ? fields.instant("startsAt") : link.rules().startsAt();
    var expires = fields.has("expiresAt") ? fields.instant("expiresAt") : link.rules().expiresAt();
    LinkFields.requireOrder(fields, starts, expires);
    fields.finish();
    var old = link.rules();
    var state = enabled.map(on -> on ? Link.State.ACTIVE : Link.State.DISABLED).orElse(old.state());
    var rules =
        new Rules(
            destination.orElse(old.destination()),
            status.orElse(old.status()),
            state,
            tracking.orElse(old.tracking()),
            starts,
            expires);
    return Reply.ok(show(keep(link, rules)));
  }

  Reply delete(Call call) {
    call.allow();
    var link = call.visibleLink(links::find);
    keep(link, link.rules().in(Link.State.DELETED));
    return Reply.noContent();
  }

  private Link keep(Link link, Rules rules) {
    var kept =
        Await.on(links.change(link, rules))
            .orElseThrow(
                () ->
                    Problem.conflict(
                            "changed_meanwhile", "Somebody else changed this link; read it again.")
                        .raised());
    Addresses.LINKS_CHANGED.publish(vertx, kept);
    return kept;
  }

  private Shown show(Link link) {
    var rules = link.rules();
    return new Shown(
        link.code(),
        publicUrl.resolve("/" + link.code()).toString(),
        rules.destination(),
        link.owner().toString(),
        rules.status(),
        rules.state() == Link.State.ACTIVE,
        rules.tracking().name().toLowerCase(Locale.ROOT),
        rules.startsAt().map(Instant::toString).orElse(null),
        rules.expiresAt().map(Instant::toString).orElse(null),
        link.createdAt().toString(),
        link.updatedAt().toString(),
        link.version());
  }
}
