package clicktide.query;

import clicktide.http.Api;
import clicktide.http.ComputeTurns;
import clicktide.http.SharedWindows;
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
import clicktide.time.TimeSource;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.util.random.RandomGenerator;

/** The query role: answers analytics, feeds sockets, serves the dashboard. It only reads. */
public final class QueryVerticle extends VerticleBase {
  private final Api api;
  private final QueryStores stores;
  private final Retention retention;
  private final SharedWindows windows;
  private final TimeSource time;
  private final RandomGenerator random;
  private final MeterRegistry metrics;

  /** The stores to read from. */
  public record QueryStores(
      LinkMap links,
      Owners owners,
      PublicStats publicStats,
      Rollups rollups,
      LedgerReader ledger,
      LiveCounts live,
      RecentClicks recent,
      Tickets tickets) {}

  public QueryVerticle(
      Api api,
      QueryStores stores,
      Retention retention,
      SharedWindows windows,
      TimeSource time,
      RandomGenerator random,
      MeterRegistry metrics) {
    this.api = api;
    this.stores = stores;
    this.retention = retention;
    this.windows = windows;
    this.time = time;
    this.random = random;
    this.metrics = metrics;
  }

  @Override
  public Future<?> start() {
    new AnswerAge(stores.rollups(), time, metrics).start(vertx);
    api.get("/v1/me", Scope.ANALYTICS_READ, Me::answer);
    var analytics = new Analytics(stores, retention, time);
    api.get("/v1/links/:code/analytics", Scope.ANALYTICS_READ, analytics::link);
    var guesses = new PasswordGuesses(windows);
    var turns = new ComputeTurns(vertx);
    var published = new PublicAnalytics(stores, analytics, turns, guesses, time);
    api.open("/v1/public/links/:code/analytics", published::link);
    api.get("/v1/owners/:ownerId/analytics", Scope.ANALYTICS_READ, analytics::owner);
    api.get(
        "/v1/owners/:ownerId/analytics/top-links",
        Scope.ANALYTICS_READ,
        new Leaderboard(stores, retention, time)::links);
    var events = new Events(stores);
    api.get("/v1/links/:code/events", Scope.ANALYTICS_READ, events::link);
    api.get("/v1/owners/:ownerId/events", Scope.ANALYTICS_READ, events::owner);
    var ledger = new LedgerReport(stores, retention, time);
    api.get("/v1/links/:code/ledger", Scope.ANALYTICS_READ, ledger::link);
    api.get("/v1/owners/:ownerId/ledger", Scope.ANALYTICS_READ, ledger::owner);

    var hub = new LiveHub(vertx, stores.live(), time);
    hub.start();
    var tickets = new LiveTickets(stores.tickets(), stores.owners(), time, random);
    api.post("/v1/live/tickets", Scope.ANALYTICS_READ, tickets::issue);
    var parts = new LiveSession.SessionParts(vertx, hub, stores.links(), tickets, time);
    var sockets = new LiveSockets(api.responses(), parts, metrics);
    api.router().get("/v1/live").handler(sockets::open);

    Dashboard.serve(api.router());
    return Future.succeededFuture();
  }
}
