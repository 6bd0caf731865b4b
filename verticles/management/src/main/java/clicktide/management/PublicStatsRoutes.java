package clicktide.management;

import clicktide.http.Call;
import clicktide.http.Fields;
import clicktide.http.Password;
import clicktide.http.Reply;
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
  record Shown(boolean enabled, Boolean hasPassword, String page) {
    private static Shown of(Link link, Optional<PublicStats.Terms> terms) {
      return terms
          .map(is -> new Shown(true, is.hash().isPresent(), "/public/" + link.code()))
          .orElseGet(() -> new Shown(false, null, null));
    }
  }

  Reply read(Call call) {
    var link = call.visibleLink(links::find);
    return Reply.ok(Shown.of(link, Await.on(stats.find(link.id()))));
  }

  Reply put(Call call) {
    var link = call.visibleLink(links::find);
    var fields = Fields.of(call.json());
    var password = fields.text("password", LONGEST);
    if (password.filter(text -> text.length() < SHORTEST).isPresent()) {
      fields.fault("password", "too_short", "It has at least %d characters.".formatted(SHORTEST));
    }
    fields.finish();
    var terms = new PublicStats.Terms(password.map(Password::hash));
    Await.on(stats.by(call.actor()).show(link, terms));
    return Reply.ok(Shown.of(link, Optional.of(terms)));
  }

  Reply delete(Call call) {
    Await.on(stats.by(call.actor()).hide(call.visibleLink(links::find)));
    return Reply.noContent();
  }
}
