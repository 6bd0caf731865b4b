package clicktide.management;

import clicktide.http.ApiRequest;
import clicktide.http.ApiResponse;
import clicktide.link.Link;
import clicktide.store.Await;
import clicktide.store.Links;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.net.URI;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Lists links as a page or as a file (A7). */
final class LinkLists {

  private final Links links;
  private final URI publicUrl;
  private final InstantSource clock;

  LinkLists(Links links, URI publicUrl, InstantSource clock) {
    this.links = links;
    this.publicUrl = publicUrl;
    this.clock = clock;
  }

  /** A page of links. */
  record LinkPage(
      List<LinkView> links, @JsonInclude(JsonInclude.Include.NON_NULL) String nextCursor) {}

  ApiResponse list(ApiRequest call) {
    var found = found(call, call.integer("limit", 50, 1, 200));
    return ApiResponse.ok(new LinkPage(found.links, found.nextCursor.orElse(null)));
  }

  ApiResponse export(ApiRequest call) {
    return LinkExport.of(call, found(call, call.integer("limit", 1_000, 1, 1_000)));
  }

  /** A page of links with the cursor of the next page. */
  record Found(List<LinkView> links, Optional<String> nextCursor) {}

  private Found found(ApiRequest call, int limit) {
    var search =
        new Links.Search(
            Tenants.of(call),
            call.position("cursor"),
            call.query("q"),
            call.list("tag"),
            call.query("state").map(LinkLists::state),
            call.query("domain"));
    var listing = Await.on(links.list(search, limit));
    return new Found(
        listing.links().stream()
            .map(link -> LinkView.of(link, Optional.empty(), publicUrl, clock.instant()))
            .toList(),
        listing.next().map(id -> Long.toString(id, 36)));
  }

  private static Link.State state(String text) {
    return Arrays.stream(Link.State.values())
        .filter(state -> state != Link.State.DELETED)
        .filter(state -> state.name().toLowerCase(Locale.ROOT).equals(text))
        .findFirst()
        .orElseThrow(
            () ->
                ApiRequest.invalid(
                    "state", "`state` must be `active`, `disabled` or `exhausted`."));
  }
}
