package clicktide.postgres.control;

import clicktide.link.Code;
import clicktide.link.Domain;
import clicktide.link.DomainDraft;
import clicktide.link.Link;
import clicktide.link.LinkDraft;
import clicktide.postgres.NamedSql;
import clicktide.postgres.Writes;
import clicktide.store.Actor;
import clicktide.store.Links.Change;
import clicktide.store.Links.CodeTaken;
import clicktide.store.Links.CreatedLinks;
import clicktide.store.Links.Creation;
import clicktide.store.Links.DomainStored;
import clicktide.store.Links.DomainWrite;
import clicktide.store.Links.ExternalIdTaken;
import clicktide.store.Links.LinkChanged;
import clicktide.store.Links.LinkCreated;
import clicktide.store.Links.NameTaken;
import clicktide.store.Links.Opening;
import clicktide.store.Links.Outdated;
import clicktide.store.Links.QuotaExceeded;
import io.vertx.core.Future;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Creates and changes links and domains, each call in one transaction. */
final class LinkWrites {
  private static final String UNIQUE_VIOLATION = "23505";

  private static final NamedSql IS_CODE_TAKEN =
      NamedSql.of("SELECT EXISTS (SELECT FROM link WHERE code = :code) AS taken");

  private static final NamedSql CHANGE =
      NamedSql.of(
          """
      UPDATE link
      SET (%1$s) = (SELECT %1$s FROM jsonb_to_record(:wanted) AS wanted (%2$s)),
        version = version + 1, updated_at = clock_timestamp()
      WHERE id = :link AND version = :version
      RETURNING *"""
              .formatted(LinkColumns.NAMES, LinkColumns.TYPED));

  private static final NamedSql LIMIT =
      NamedSql.of("SELECT limit_clicks(:link, :limit) AS reached");

  private final Pool pool;
  private final RandomGenerator random;
  private final LinkQuota quota;
  private final Actor actor;

  LinkWrites(Pool pool, RandomGenerator random, LinkQuota quota, Actor actor) {
    this.pool = pool;
    this.random = random;
    this.quota = quota;
    this.actor = actor;
  }

  LinkWrites by(Actor other) {
    return new LinkWrites(pool, random, quota, other);
  }

  Future<CreatedLinks> createAll(List<LinkDraft> drafts, Map<String, Opening> openings) {
    return drafts.isEmpty()
        ? Future.succeededFuture(new CreatedLinks(List.of(), 0))
        : Writes.as(actor, pool, connection -> createAll(connection, drafts, openings));
  }

  private Future<CreatedLinks> createAll(
      SqlConnection connection, List<LinkDraft> drafts, Map<String, Opening> openings) {
    return quota
        .room(connection, drafts.getFirst().owner())
        .map(room -> drafts.subList(0, Math.min(room, drafts.size())))
        .compose(
            first ->
                LinkBatch.create(connection, first, openings)
                    .map(links -> new CreatedLinks(links, drafts.size() - first.size())));
  }

  Future<Creation> create(LinkDraft draft) {
    return Writes.once(
        actor,
        pool,
        connection ->
            quota
                .room(connection, draft.owner())
                .compose(
                    room ->
                        room > 0
                            ? create(connection, draft)
                            : Future.succeededFuture(new QuotaExceeded())),
        creation -> creation.created().map(Link::code),
        repeat -> repeat);
  }

  private Future<Creation> create(SqlConnection connection, LinkDraft draft) {
    var code = draft.code().orElseGet(() -> Code.random(random));
    return LinkBatch.create(connection, List.of(draft.named(code)), Map.of())
        .compose(
            links ->
                links.isEmpty()
                    ? refused(connection, draft, code)
                    : Future.succeededFuture(new LinkCreated(links.getFirst())));
  }

  private Future<Creation> refused(SqlConnection connection, LinkDraft draft, String code) {
    return IS_CODE_TAKEN
        .with("code", code)
        .on(connection)
        .compose(
            rows -> {
              if (!rows.iterator().next().getBoolean("taken")) {
                return Future.succeededFuture(new ExternalIdTaken());
              }
              return draft.code().isPresent()
                  ? Future.succeededFuture(new CodeTaken())
                  : create(connection, draft); // with another random code
            });
  }

  Future<Change> change(Link link, Link.Rules rules, Link.Notes notes) {
    return Writes.as(actor, pool, connection -> change(connection, link, rules, notes))
        .recover(
            failure ->
                failure instanceof PgException e && UNIQUE_VIOLATION.equals(e.getSqlState())
                    ? Future.succeededFuture(new ExternalIdTaken())
                    : Future.failedFuture(failure));
  }

  /** Locks the click limit before the link, like the rollup sink. */
  private static Future<Change> change(
      SqlConnection connection, Link link, Link.Rules rules, Link.Notes notes) {
    var isLimited = link.notes().clickLimit().isPresent() || notes.clickLimit().isPresent();
    var reached =
        isLimited
            ? limit(connection, link.id(), notes)
            : Future.succeededFuture(rules.state() == Link.State.EXHAUSTED);
    return reached
        .map(isReached -> rules.withState(state(rules.state(), isReached)))
        .compose(kept -> update(connection, link, kept, notes))
        .compose(
            changed ->
                changed.isPresent()
                    ? Future.succeededFuture(new LinkChanged(changed.get()))
                    : Writes.rollBack(new Outdated())); // including the click limit
  }

  private static Link.State state(Link.State wanted, boolean isReached) {
    return switch (wanted) {
      case ACTIVE, EXHAUSTED -> isReached ? Link.State.EXHAUSTED : Link.State.ACTIVE;
      case DISABLED, DELETED -> wanted;
    };
  }

  /** Sets or removes a click limit; the result is true if it is reached already. */
  private static Future<Boolean> limit(SqlConnection connection, long link, Link.Notes notes) {
    return LIMIT
        .with("link", link)
        .with("limit", notes.clickLimit().orElse(null))
        .on(connection)
        .map(rows -> rows.iterator().next().getBoolean("reached"));
  }

  private static Future<Optional<Link>> update(
      SqlConnection connection, Link link, Link.Rules rules, Link.Notes notes) {
    return CHANGE
        .with("link", link.id())
        .with("version", link.version())
        .with("wanted", LinkColumns.of(rules, notes))
        .on(connection)
        .map(LinkRows::first);
  }

  Future<DomainWrite> put(DomainDraft draft, Optional<Domain> known) {
    return Writes.as(
        actor,
        pool,
        connection ->
            known
                .map(domain -> change(connection, domain, draft))
                .orElseGet(() -> create(connection, draft)));
  }

  private static Future<DomainWrite> create(SqlConnection connection, DomainDraft draft) {
    return LinkBatch.create(connection, draft.pages(), Map.of())
        .compose(
            pages ->
                Domain.of(draft.name(), pages)
                    .<Future<DomainWrite>>map(
                        domain -> Future.succeededFuture(new DomainStored(domain)))
                    .orElseGet(() -> Writes.rollBack(new NameTaken())));
  }

  private static Future<DomainWrite> change(
      SqlConnection connection, Domain known, DomainDraft draft) {
    return page(connection, known.front(), draft.front())
        .compose(
            front ->
                page(connection, known.unknown(), draft.unknown())
                    .compose(
                        unknown ->
                            front.isPresent() && unknown.isPresent()
                                ? Future.succeededFuture(
                                    new DomainStored(new Domain(front.get(), unknown.get())))
                                : Writes.rollBack(new Outdated())));
  }

  private static Future<Optional<Link>> page(
      SqlConnection connection, Link page, Link.Rules rules) {
    return page.rules().equals(rules)
        ? Future.succeededFuture(Optional.of(page))
        : update(connection, page, rules, page.notes());
  }
}
