package clicktide.query;

import clicktide.http.Api;
import clicktide.replica.LinkMap;
import clicktide.store.LedgerReader;
import clicktide.store.LiveCounts;
import clicktide.store.Owners;
import clicktide.store.Owners.Scope;
import clicktide.store.PublicStats;
import clicktide.store.RecentClicks;
import clicktide.store.Retention;
import clicktide.store.Rollups;
import clicktide.store.Tickets;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.InstantSource;

/** Answers analytics, pushes the hot hour to sockets, and serves the dashboard. It only reads. */
public final class QueryVerticle extends VerticleBase {
  private final Api api;
  private final Stores stores;
  private final Retention retention;
  private final InstantSource clock;

  /** What is read. */
  public record Stores(
      LinkMap links,
      Owners owners,
      PublicStats publicStats,
      Rollups rollups,
      LedgerReader books,
      LiveCounts live,
      RecentClicks recent,
      Tickets tickets) {}

  public QueryVerticle(Api api, Stores stores, Retention retention, InstantSource clock) {
    this.api = api;
    this.stores = stores;
    this.retention = retention;
    this.clock = clock;
  }

  @Override
  public Future<?> start() {
    api.get("/v1/me", Scope.ANALYTICS_READ, Me::answer);
    var analytics = new Analytics(stores, retention, clock);
    api.get("/v1/links/:code/analytics", Scope.ANALYTICS_READ, analytics::link);
    api.open("/v1/public/links/:code/analytics", new PublicAnalytics(stores, analytics)::link);
    api.get("/v1/owners/:ownerId/analytics", Scope.ANALYTICS_READ, analytics::owner);
    api.get(
        "/v1/owners/:ownerId/analytics/top-links",
        Scope.ANALYTICS_READ,
        new Leaderboard(stores, retention, clock)::links);
    var events = new Events(stores);
    api.get("/v1/links/:code/events", Scope.ANALYTICS_READ, events::link);
    api.get("/v1/owners/:ownerId/events", Scope.ANALYTICS_READ, events::owner);
    var ledger = new LedgerReport(stores, retention, clock);
    api.get("/v1/links/:code/ledger", Scope.ANALYTICS_READ, ledger::link);
    api.get("/v1/owners/:ownerId/ledger", Scope.ANALYTICS_READ, ledger::owner);

    var hub = new LiveHub(vertx, stores.live(), clock);
    hub.start();
    var tickets = new LiveTickets(stores.tickets(), stores.owners(), clock);
    api.post("/v1/live/tickets", Scope.ANALYTICS_READ, tickets::give);
    var sockets = new LiveSockets(vertx, hub, stores.links(), tickets);
    api.router().get("/v1/live").handler(sockets::open);

    Dashboard.serve(api.router());
    return Future.succeededFuture();
  }
}
