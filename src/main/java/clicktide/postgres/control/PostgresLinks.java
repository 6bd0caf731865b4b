package clicktide.postgres.control;

import clicktide.event.OwnerId;
import clicktide.link.Domain;
import clicktide.link.DomainDraft;
import clicktide.link.Link;
import clicktide.link.LinkDraft;
import clicktide.net.Network;
import clicktide.store.Actor;
import clicktide.store.Links;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/** Links in PostgreSQL. */
public final class PostgresLinks implements Links {
  private static final int PAGE = 10_000;

  private static final String FIND = "SELECT * FROM link WHERE code = $1";

  private static final String FIND_EXTERNAL =
      "SELECT * FROM link WHERE owner = $1 AND external_id = $2 AND state <> 'DELETED'";

  private static final String OPENING =
      "SELECT clicks, source FROM opening_balance WHERE link = $1";

  private static final String LIST =
      """
      SELECT * FROM link
      WHERE owner = $1 AND id < $2 AND state <> 'DELETED'
        AND ($4::text IS NULL OR strpos(lower(concat_ws(' ', code, title, destination)), lower($4)) > 0)
        AND tags @> $5 AND ($6::text IS NULL OR state = $6)
        AND ($7::text IS NULL OR split_part(code, '@', 2) = $7) AND left(code, 1) NOT IN ('@', '*')
      ORDER BY id DESC LIMIT $3""";

  private static final String DOMAIN = "SELECT * FROM link WHERE code IN ($1, $2)";

  /** Both pages of each domain, whose codes differ by the asterisk. */
  private static final String DOMAINS =
      """
      SELECT page.* FROM link unknown JOIN link page ON page.code IN (unknown.code, substr(unknown.code, 2))
      WHERE unknown.owner = $1 AND unknown.code LIKE '*@%' AND unknown.state <> 'DELETED'
      ORDER BY unknown.code""";

  /** A change is young for twice the time {@code $4}. The index is used, since now() is stable. */
  private static final String CHANGED =
      """
      SELECT * FROM link
      WHERE (updated_at, id) > (
        CASE WHEN $1 > now() - 2 * make_interval(secs => $4) AND $2 = 0 THEN $1 - make_interval(secs => $4) ELSE $1 END, $2)
      ORDER BY updated_at, id LIMIT $3""";

  private static final String OWN_NETWORKS =
      "SELECT id, own_networks FROM owner WHERE own_networks <> '{}'";

  private final Pool pool;
  private final LinkWrites writes;

  /** New links without a code get a random one. */
  public PostgresLinks(Pool pool, RandomGenerator random) {
    this(pool, new LinkWrites(pool, random, Actor.CLICKTIDE));
  }

  private PostgresLinks(Pool pool, LinkWrites writes) {
    this.pool = pool;
    this.writes = writes;
  }

  @Override
  public Links by(Actor actor) {
    return new PostgresLinks(pool, writes.by(actor));
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
  public Future<List<Link>> createAll(List<LinkDraft> drafts, Map<String, Opening> openings) {
    return writes.createAll(drafts, openings);
  }

  @Override
  public Future<List<Link>> named(OwnerId owner, List<String> codes, List<String> externalIds) {
    return LinkBatch.named(pool, owner, codes, externalIds);
  }

  @Override
  public Future<Optional<Opening>> opening(long link) {
    return pool.preparedQuery(OPENING)
        .execute(Tuple.of(link))
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
    return pool.preparedQuery(FIND).execute(Tuple.of(code)).map(LinkRows::first);
  }

  @Override
  public Future<Optional<Link>> findExternal(OwnerId owner, String externalId) {
    return pool.preparedQuery(FIND_EXTERNAL)
        .execute(Tuple.of(owner.number(), externalId))
        .map(LinkRows::first);
  }

  @Override
  public Future<List<Link>> list(Search search, int limit) {
    return pool.preparedQuery(LIST)
        .execute(
            Tuple.of(search.owner().number(), search.before(), limit)
                .addValue(search.text().orElse(null))
                .addValue(search.tags().toArray(String[]::new))
                .addValue(search.state().map(Link.State::name).orElse(null))
                .addValue(search.domain().orElse(null)))
        .map(LinkRows::all);
  }

  @Override
  public Future<Optional<Domain>> domain(String name) {
    return pool.preparedQuery(DOMAIN)
        .execute(Tuple.of(Domain.frontCode(name), Domain.unknownCode(name)))
        .map(rows -> Domain.of(name, LinkRows.all(rows)));
  }

  @Override
  public Future<List<Domain>> domains(OwnerId owner) {
    return pool.preparedQuery(DOMAINS).execute(Tuple.of(owner.number())).map(LinkRows::domains);
  }

  @Override
  public Future<DomainWrite> put(DomainDraft draft, Optional<Domain> known) {
    return writes.put(draft, known);
  }

  @Override
  public Future<Map<OwnerId, List<Network>>> ownNetworks() {
    return pool.query(OWN_NETWORKS)
        .execute()
        .map(
            rows -> {
              var networks = new HashMap<OwnerId, List<Network>>();
              for (var row : rows) {
                var own = PostgresOwners.networks(row.getArrayOfStrings("own_networks"));
                networks.put(new OwnerId(row.getLong("id")), own);
              }
              return networks;
            });
  }

  @Override
  public Future<Instant> changedSince(Instant since, Duration again, Consumer<Link> consumer) {
    return page(since, 0, again.toMillis() / 1e3, consumer);
  }

  private Future<Instant> page(Instant after, long id, double again, Consumer<Link> consumer) {
    return pool.preparedQuery(CHANGED)
        .execute(Tuple.of(after.atOffset(ZoneOffset.UTC), id, PAGE, again))
        .compose(
            rows -> {
              var last = (Link) null;
              for (var row : rows) {
                last = LinkRows.link(row);
                consumer.accept(last);
              }
              if (last == null) {
                return Future.succeededFuture(after);
              }
              return rows.size() < PAGE
                  ? Future.succeededFuture(last.updatedAt())
                  : page(last.updatedAt(), last.id(), again, consumer);
            });
  }
}
