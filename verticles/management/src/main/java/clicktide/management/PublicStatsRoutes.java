package clicktide.management;

import clicktide.http.ApiRequest;
import clicktide.http.ApiResponse;
import clicktide.http.ComputeTurns;
import clicktide.http.Fields;
import clicktide.http.Password;
import clicktide.link.Link;
import clicktide.store.Await;
import clicktide.store.Links;
import clicktide.store.Owners.Scope;
import clicktide.store.PublicStats;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** The routes that publish the statistics of a link, with or without a password. Off by default. */
final class PublicStatsRoutes {
  private static final int LONGEST = 200;
  private static final int SHORTEST = 8;

  private final Links links;
  private final PublicStats stats;
  private final RandomGenerator random;
  private final ComputeTurns turns;

  PublicStatsRoutes(
      ManagementVerticle.ManagementStores stores, RandomGenerator random, ComputeTurns turns) {
    this.random = random;
    this.turns = turns;
    this.links = stores.links();
    this.stats = stores.publicStats();
  }

  /** The public statistics of a link as the API shows them. The page is on the API port. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record PublicStatsView(boolean enabled, Boolean hasPassword, String page) {
    private static PublicStatsView of(Link link, Optional<PublicStats.Visibility> visibility) {
      return visibility
          .map(
              shown ->
                  new PublicStatsView(
                      true, shown.passwordHash().isPresent(), "/public/" + link.code()))
          .orElseGet(() -> new PublicStatsView(false, null, null));
    }
  }

  ApiResponse read(ApiRequest call) {
    var link = call.visibleLink(links::find);
    return ApiResponse.ok(PublicStatsView.of(link, Await.on(stats.find(link.id()))));
  }

  ApiResponse put(ApiRequest call) {
    call.caller().require(Scope.ANALYTICS_READ); // publishing shows the counts
    var link = call.visibleLink(links::find);
    var fields = Fields.of(call.json());
    var password = fields.text("password", LONGEST);
    if (password.filter(text -> text.strip().length() < SHORTEST).isPresent()) {
      fields.fault(
          "password",
          "too_short",
          "`password` must have at least %d characters, without blanks at its ends."
              .formatted(SHORTEST));
    }
    fields.finish();
    var visibility =
        new PublicStats.Visibility(
            password.map(text -> turns.run(call.caller(), () -> Password.hash(text, random))));
    Await.on(stats.by(call.actor()).show(link, visibility));
    return ApiResponse.ok(PublicStatsView.of(link, Optional.of(visibility)));
  }

  ApiResponse delete(ApiRequest call) {
    Await.on(stats.by(call.actor()).hide(call.visibleLink(links::find)));
    return ApiResponse.noContent();
  }
}
