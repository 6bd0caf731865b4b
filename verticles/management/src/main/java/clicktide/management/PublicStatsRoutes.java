package clicktide.management;

import clicktide.http.ApiRequest;
import clicktide.http.ApiResponse;
import clicktide.http.Fields;
import clicktide.http.Password;
import clicktide.link.Link;
import clicktide.store.Await;
import clicktide.store.Links;
import clicktide.store.PublicStats;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Optional;

/**
 * Lets an owner show the numbers of a link to anybody, or to who knows a password (off at first).
 */
final class PublicStatsRoutes {
  private static final int LONGEST = 200;
  private static final int SHORTEST = 8;

  private final Links links;
  private final PublicStats stats;

  PublicStatsRoutes(ManagementVerticle.Stores stores) {
    this.links = stores.links();
    this.stats = stores.publicStats();
  }

  /** Whether a link shows its numbers, how, and where: on the API port. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record PublicStatsView(boolean enabled, Boolean hasPassword, String page) {
    private static PublicStatsView of(Link link, Optional<PublicStats.Terms> terms) {
      return terms
          .map(is -> new PublicStatsView(true, is.hash().isPresent(), "/public/" + link.code()))
          .orElseGet(() -> new PublicStatsView(false, null, null));
    }
  }

  ApiResponse read(ApiRequest call) {
    var link = call.visibleLink(links::find);
    return ApiResponse.ok(PublicStatsView.of(link, Await.on(stats.find(link.id()))));
  }

  ApiResponse put(ApiRequest call) {
    var link = call.visibleLink(links::find);
    var fields = Fields.of(call.json());
    var password = fields.text("password", LONGEST);
    if (password.filter(text -> text.length() < SHORTEST).isPresent()) {
      fields.fault("password", "too_short", "It has at least %d characters.".formatted(SHORTEST));
    }
    fields.finish();
    var terms = new PublicStats.Terms(password.map(Password::hash));
    Await.on(stats.by(call.actor()).show(link, terms));
    return ApiResponse.ok(PublicStatsView.of(link, Optional.of(terms)));
  }

  ApiResponse delete(ApiRequest call) {
    Await.on(stats.by(call.actor()).hide(call.visibleLink(links::find)));
    return ApiResponse.noContent();
  }
}
