package clicktide.postgres.control;

import clicktide.event.OwnerId;
import clicktide.link.Domain;
import clicktide.link.DomainDraft;
import clicktide.link.Link;
import clicktide.link.LinkDraft;
import clicktide.net.Network;
import clicktide.postgres.NamedSql;
import clicktide.postgres.SharedPool;
import clicktide.store.Actor;
import clicktide.store.Links;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/** Links in PostgreSQL. */
public final class PostgresLinks implements Links {
  private static final NamedSql FIND = NamedSql.of("SELECT * FROM link WHERE code = :code");

  private static final NamedSql FIND_EXTERNAL =
      NamedSql.of(
          "SELECT * FROM link WHERE owner = :owner AND external_id = :id AND state <> 'DELETED'");

  private static final NamedSql OPENING =
      NamedSql.of("SELECT clicks, source FROM opening_balance WHERE link = :link");

  private static final NamedSql DOMAIN =
      NamedSql.of("SELECT * FROM link WHERE code IN (:front, :unknown)");

  /** Both pages of each domain, whose codes differ by the asterisk. */
  private static final NamedSql DOMAINS =
      NamedSql.of(
          """
      SELECT page.* FROM link unknown JOIN link page ON page.code IN (unknown.code, substr(unknown.code, 2))
      WHERE unknown.owner = :owner AND unknown.code LIKE '*@%' AND unknown.state <> 'DELETED'
      ORDER BY unknown.code""");

  private final Pool pool;
  private final SharedPool lists;
  private final LinkWrites writes;
  private final LinkChanges changes;

  /**
   * Lists use a pool of their own. New links without a code get a random one. An owner has at most
   * {@code quota} links, deleted ones included; 0 disables.
   */
  public PostgresLinks(Pool pool, SharedPool lists, RandomGenerator random, int quota) {
    this(pool, lists, new LinkWrites(pool, random, new LinkQuota(quota), Actor.CLICKTIDE));
  }

  private PostgresLinks(Pool pool, SharedPool lists, LinkWrites writes) {
    this.pool = pool;
    this.lists = lists;
    this.writes = writes;
    changes = new LinkChanges(pool);
  }

  @Override
  public Links by(Actor actor) {
    return new PostgresLinks(pool, lists, writes.by(actor));
  }

  @Override
  public Future<Creation> create(LinkDraft draft) {
    return writes.create(draft);
  }

  @Override
  public Future<Change> change(Link link, Link.Rules rules, Link.Notes notes) {
    return writes.change(link, rules, notes);
  }

  @Override
  public Future<CreatedLinks> createAll(List<LinkDraft> drafts, Map<String, Opening> openings) {
    return writes.createAll(drafts, openings);
  }

  @Override
  public Future<List<Link>> named(OwnerId owner, List<String> codes, List<String> externalIds) {
    return LinkBatch.named(pool, owner, codes, externalIds);
  }

  @Override
  public Future<Optional<Opening>> opening(long link) {
    return OPENING
        .with("link", link)
        .on(pool)
        .map(
            rows -> {
              for (var row : rows) {
                return Optional.of(new Opening(row.getLong("clicks"), row.getString("source")));
              }
              return Optional.empty();
            });
  }

  @Override
  public Future<Optional<Link>> find(String code) {
    return FIND.with("code", code).on(pool).map(LinkRows::first);
  }

  @Override
  public Future<Optional<Link>> findExternal(OwnerId owner, String externalId) {
    return FIND_EXTERNAL
        .with("owner", owner.number())
        .with("id", externalId)
        .on(pool)
        .map(LinkRows::first);
  }

  @Override
  public Future<LinkListing> list(Search search, int limit) {
    return lists.read(search.owner(), pool -> LinkSearch.list(pool, search, limit));
  }

  @Override
  public Future<Optional<Domain>> domain(String name) {
    return DOMAIN
        .with("front", Domain.frontCode(name))
        .with("unknown", Domain.unknownCode(name))
        .on(pool)
        .map(rows -> Domain.of(name, LinkRows.all(rows)));
  }

  @Override
  public Future<List<Domain>> domains(OwnerId owner) {
    return DOMAINS.with("owner", owner.number()).on(pool).map(LinkRows::domains);
  }

  @Override
  public Future<DomainWrite> put(DomainDraft draft, Optional<Domain> known) {
    return writes.put(draft, known);
  }

  @Override
  public Future<String> incarnation() {
    return changes.incarnation();
  }

  @Override
  public Future<Map<OwnerId, List<Network>>> ownNetworks() {
    return changes.ownNetworks();
  }

  @Override
  public Future<Instant> changedSince(
      String incarnation, Instant since, Duration again, Consumer<Link> consumer) {
    return changes.since(incarnation, since, again, consumer);
  }
}
