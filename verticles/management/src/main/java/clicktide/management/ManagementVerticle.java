package clicktide.management;

import clicktide.http.Api;
import clicktide.http.ComputeTurns;
import clicktide.link.Destination;
import clicktide.store.AuditLog;
import clicktide.store.Links;
import clicktide.store.NodeRegistry;
import clicktide.store.Owners;
import clicktide.store.Owners.Scope;
import clicktide.store.PublicStats;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.net.URI;
import java.time.InstantSource;
import java.util.random.RandomGenerator;

/**
 * The routes of the management API: links, domains, owners, keys, imports, the audit log, nodes.
 */
public final class ManagementVerticle extends VerticleBase {
  private final Api api;
  private final ManagementStores stores;
  private final Destination destinations;
  private final URI publicUrl;
  private final InstantSource clock;
  private final RandomGenerator random;

  /** The stores that the management API reads and writes. */
  public record ManagementStores(
      Links links, Owners owners, PublicStats publicStats, AuditLog audit, NodeRegistry nodes) {}

  public ManagementVerticle(
      Api api,
      ManagementStores stores,
      Destination destinations,
      URI publicUrl,
      InstantSource clock,
      RandomGenerator random) {
    this.api = api;
    this.stores = stores;
    this.destinations = destinations;
    this.publicUrl = publicUrl;
    this.clock = clock;
    this.random = random;
  }

  @Override
  public Future<?> start() {
    var writer = new LinkWriter(vertx, stores.links());
    var tenants = new Tenants(stores.owners());
    var codes = new NewCode(stores.links(), random);
    var responses = new LinkResponses(publicUrl, clock);

    var links = new LinkRoutes(stores.links(), writer, tenants, codes, destinations, responses);
    api.post("/v1/links", Scope.LINKS_WRITE, links::create);
    api.get("/v1/links/:code", Scope.LINKS_READ, links::read);
    api.patch("/v1/links/:code", Scope.LINKS_WRITE, links::change);
    api.delete("/v1/links/:code", Scope.LINKS_WRITE, links::delete);
    var external =
        new ExternalLinkRoutes(stores.links(), writer, tenants, codes, destinations, responses);
    api.get("/v1/external-links/:externalId", Scope.LINKS_READ, external::read);
    api.put("/v1/external-links/:externalId", Scope.LINKS_WRITE, external::put);
    var lists = new LinkLists(stores.links(), publicUrl, clock);
    api.get("/v1/links", Scope.LINKS_READ, lists::list);
    api.get("/v1/exports/links", Scope.LINKS_READ, lists::export);
    var imports = new LinkImport(stores.links(), writer, tenants, codes, destinations);
    api.post("/v1/imports/links", Scope.LINKS_WRITE, LinkImport.WEIGHT, imports::run);
    var turns = new ComputeTurns(vertx);
    var publicStats = new PublicStatsRoutes(stores, random, turns);
    api.get("/v1/links/:code/public-stats", Scope.LINKS_READ, publicStats::read);
    api.put("/v1/links/:code/public-stats", Scope.LINKS_WRITE, publicStats::put);
    api.delete("/v1/links/:code/public-stats", Scope.LINKS_WRITE, publicStats::delete);
    var pictures = new QrPicture(stores.links(), publicUrl, turns);
    api.get("/v1/links/:code/qr", Scope.LINKS_READ, pictures::draw);

    var domains = new DomainRoutes(stores.links(), writer, tenants, destinations);
    api.get("/v1/domains", Scope.LINKS_READ, domains::list);
    api.get("/v1/domains/:domain", Scope.LINKS_READ, domains::read);
    api.put("/v1/domains/:domain", Scope.ADMINISTER, domains::put);
    api.patch("/v1/domains/:domain", Scope.LINKS_WRITE, domains::change);
    api.delete("/v1/domains/:domain", Scope.ADMINISTER, domains::delete);

    var owners = new OwnerRoutes(stores.owners(), random);
    api.post("/v1/owners", Scope.ADMINISTER, owners::create);
    api.get("/v1/owners/:ownerId", Scope.LINKS_READ, owners::read);
    api.patch("/v1/owners/:ownerId", Scope.LINKS_WRITE, owners::change);
    var keys = new KeyRoutes(stores.owners(), clock, random);
    api.get("/v1/owners/:ownerId/keys", Scope.KEYS_WRITE, keys::list);
    api.post("/v1/owners/:ownerId/keys", Scope.KEYS_WRITE, keys::create);
    api.delete("/v1/owners/:ownerId/keys/:keyId", Scope.KEYS_WRITE, keys::revoke);
    api.post("/v1/owners/:ownerId/keys/:keyId/rotations", Scope.KEYS_WRITE, keys::rotate);

    var audit = new AuditRoutes(stores.audit(), stores.owners());
    api.get("/v1/owners/:ownerId/audit", Scope.KEYS_WRITE, audit::list);
    var nodes = new NodeRoutes(stores.nodes());
    api.get("/v1/admin/nodes", Scope.ADMINISTER, nodes::list);
    api.delete("/v1/admin/nodes/:nodeId", Scope.ADMINISTER, nodes::remove);
    return Future.succeededFuture();
  }
}
