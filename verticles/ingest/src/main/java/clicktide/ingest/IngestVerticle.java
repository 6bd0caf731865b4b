package clicktide.ingest;

import clicktide.http.Api;
import clicktide.link.Destination;
import clicktide.replica.LinkMap;
import clicktide.store.AuditLog;
import clicktide.store.EventLog;
import clicktide.store.Links;
import clicktide.store.Owners;
import clicktide.store.Owners.Scope;
import clicktide.store.PublicStats;
import clicktide.store.Retention;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.net.URI;
import java.time.InstantSource;

/** Runs the collectors and owns all writes of links and owners. */
public final class IngestVerticle extends VerticleBase {
  private final Api api;
  private final EventLog events;
  private final Stores stores;
  private final Rules rules;
  private final InstantSource clock;
  private final MeterRegistry metrics;

  /** What the writes go to. */
  public record Stores(
      Links links, Owners owners, PublicStats publicStats, AuditLog audit, LinkMap map) {}

  /** Where links may lead, how short URLs begin, and how old an event may be. */
  public record Rules(Destination destinations, URI publicUrl, Retention retention) {}

  public IngestVerticle(
      Api api,
      EventLog events,
      Stores stores,
      Rules rules,
      InstantSource clock,
      MeterRegistry metrics) {
    this.api = api;
    this.events = events;
    this.stores = stores;
    this.rules = rules;
    this.clock = clock;
    this.metrics = metrics;
  }

  @Override
  public Future<?> start() {
    var links = new LinkRoutes(vertx, stores, rules, clock);
    api.post("/v1/links", Scope.LINKS_WRITE, links::create);
    var lists = new LinkLists(stores.links(), rules.publicUrl(), clock);
    api.get("/v1/links", Scope.LINKS_READ, lists::list);
    api.get("/v1/exports/links", Scope.LINKS_READ, lists::export);
    var imports = new LinkImport(vertx, stores.links(), stores.owners(), rules.destinations());
    api.post("/v1/imports/links", Scope.LINKS_WRITE, imports::run);
    api.get("/v1/links/:code", Scope.LINKS_READ, links::read);
    api.patch("/v1/links/:code", Scope.LINKS_WRITE, links::change);
    api.delete("/v1/links/:code", Scope.LINKS_WRITE, links::delete);
    var publicStats = new PublicStatsRoutes(stores);
    api.get("/v1/links/:code/public-stats", Scope.LINKS_READ, publicStats::read);
    api.put("/v1/links/:code/public-stats", Scope.LINKS_WRITE, publicStats::put);
    api.delete("/v1/links/:code/public-stats", Scope.LINKS_WRITE, publicStats::delete);
    var pictures = new QrPicture(stores.links(), rules.publicUrl());
    api.get("/v1/links/:code/qr", Scope.LINKS_READ, pictures::draw);
    api.get("/v1/external-links/:externalId", Scope.LINKS_READ, links::readExternal);
    api.put("/v1/external-links/:externalId", Scope.LINKS_WRITE, links::putExternal);

    var domains = new DomainRoutes(links, stores, rules.destinations());
    api.get("/v1/domains", Scope.LINKS_READ, domains::list);
    api.get("/v1/domains/:domain", Scope.LINKS_READ, domains::read);
    api.put("/v1/domains/:domain", Scope.ADMINISTER, domains::put);
    api.patch("/v1/domains/:domain", Scope.LINKS_WRITE, domains::change);
    api.delete("/v1/domains/:domain", Scope.ADMINISTER, domains::delete);

    var owners = new OwnerRoutes(stores.owners());
    api.post("/v1/owners", Scope.ADMINISTER, owners::create);
    api.get("/v1/owners/:ownerId", Scope.LINKS_READ, owners::read);
    api.patch("/v1/owners/:ownerId", Scope.LINKS_WRITE, owners::change);
    var keys = new KeyRoutes(stores.owners(), clock);
    api.get("/v1/owners/:ownerId/keys", Scope.KEYS_WRITE, keys::list);
    api.post("/v1/owners/:ownerId/keys", Scope.KEYS_WRITE, keys::create);
    api.delete("/v1/owners/:ownerId/keys/:keyId", Scope.KEYS_WRITE, keys::revoke);
    api.post("/v1/owners/:ownerId/keys/:keyId/rotations", Scope.KEYS_WRITE, keys::rotate);

    var audit = new AuditRoutes(stores.audit(), stores.owners());
    api.get("/v1/owners/:ownerId/audit", Scope.KEYS_WRITE, audit::list);

    var collector = new Collector(stores.map(), events, rules.retention(), clock, metrics);
    api.post("/internal/click-events/batch", Scope.COLLECT, collector::batch);
    return Future.succeededFuture();
  }
}
