package clicktide.query;

import clicktide.enrich.Dimension;
import clicktide.http.ApiRequest;
import clicktide.http.ApiResponse;
import clicktide.replica.LinkMap;
import clicktide.store.AnalyticsTarget;
import clicktide.store.Await;
import clicktide.store.Owners;
import clicktide.store.RecentClicks;
import clicktide.store.RecentClicks.RecentClick;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The endpoints for the newest clicks of a link and of an owner, one by one. */
final class Events {
  private static final int DEFAULT_LIMIT = 50;

  private final LinkMap links;
  private final Owners owners;
  private final RecentClicks clicks;

  Events(QueryVerticle.QueryStores stores) {
    this.links = stores.links();
    this.owners = stores.owners();
    this.clicks = stores.recent();
  }

  /** The answer. Each event has its time, its code and a value of every dimension. */
  record EventList(List<Map<String, String>> events) {}

  ApiResponse link(ApiRequest call) {
    var link = call.visibleLink(links::find);
    return answer(call, AnalyticsTarget.LinkTarget.of(link));
  }

  ApiResponse owner(ApiRequest call) {
    return answer(call, new AnalyticsTarget.OwnerTarget(call.visibleOwner(owners::exists)));
  }

  private ApiResponse answer(ApiRequest call, AnalyticsTarget target) {
    var limit = call.integer("limit", DEFAULT_LIMIT, 1, RecentClicks.most(target));
    return ApiResponse.ok(
        new EventList(Await.on(clicks.newest(target, limit)).stream().map(Events::show).toList()));
  }

  private static Map<String, String> show(RecentClick click) {
    var event = new LinkedHashMap<String, String>();
    event.put("at", click.at().toString());
    event.put("code", click.code());
    for (var dimension : Dimension.values()) {
      event.put(dimension.key(), click.values().get(dimension.index()));
    }
    return event;
  }
}
