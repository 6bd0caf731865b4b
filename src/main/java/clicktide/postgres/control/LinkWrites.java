package clicktide.postgres.control;

import clicktide.link.Code;
import clicktide.link.Link;
import clicktide.postgres.Writes;
import clicktide.store.Actor;
import clicktide.store.Links.Draft;
import clicktide.store.Links.Opening;
import clicktide.store.Links.Taken;
import io.vertx.core.Future;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes and changes links one by one. */
final class LinkWrites {
  private static final String UNIQUE_VIOLATION = "23505";

  private static final String CREATE =
      """
      INSERT INTO link (code, owner, destination, status, state, tracking, starts_at, expires_at, forwards_query,
        title, tags, external_id, click_limit)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
      RETURNING *""";

  private static final String CHANGE =
      """
      UPDATE link
      SET destination = $3, status = $4, state = $5, tracking = $6, starts_at = $7, expires_at = $8,
          forwards_query = $9, title = $10, tags = $11, external_id = $12, click_limit = $13,
          version = version + 1, updated_at = clock_timestamp()
      WHERE id = $1 AND version = $2
      RETURNING *""";

  private static final String FIRST_LIMIT =
      "INSERT INTO click_limit (link, most, people) VALUES ($1, $2, 0)";

  private static final String LIMIT = "SELECT limit_clicks($1, $2)";

  private final Pool pool;
  private final Actor actor;

  LinkWrites(Pool pool, Actor actor) {
    this.pool = pool;
    this.actor = actor;
  }

  Future<List<Link>> createAll(List<Draft> drafts, Map<String, Opening> openings) {
    return Writes.as(actor, pool, connection -> LinkBatch.create(connection, drafts, openings));
  }

  Future<Link> create(Draft draft) {
    var code = draft.code().orElseGet(Code::random);
    var values =
        LinkRows.with(Tuple.of(code, draft.owner().number()), draft.rules(), draft.notes());
    return Writes.once(
            actor,
            pool,
            connection ->
                connection
                    .preparedQuery(CREATE)
                    .execute(values)
                    .map(rows -> LinkRows.link(rows.iterator().next()))
                    .compose(link -> limited(connection, link)),
            link -> Optional.of(link.code()))
        .recover(
            failure -> {
              var taken = taken(failure);
              if (taken.filter(Taken::isCode).isPresent() && draft.code().isEmpty()) {
                return create(draft); // a random code met another one
              }
              return Future.failedFuture(taken.isPresent() ? taken.get() : failure);
            });
  }

  /** A new link has no clicks, so its limit is not reached. */
  private static Future<Link> limited(SqlConnection connection, Link link) {
    return link.notes().clickLimit().isEmpty()
        ? Future.succeededFuture(link)
        : connection
            .preparedQuery(FIRST_LIMIT)
            .execute(Tuple.of(link.id(), link.notes().clickLimit().get()))
            .map(link);
  }

  /** Whether it is reached. */
  private static Future<Boolean> limit(SqlConnection connection, long link, Link.Notes notes) {
    return connection
        .preparedQuery(LIMIT)
        .execute(Tuple.of(link, notes.clickLimit().orElse(null)))
        .map(rows -> rows.iterator().next().getBoolean(0));
  }

  private static Optional<Taken> taken(Throwable failure) {
    return failure instanceof PgException e && UNIQUE_VIOLATION.equals(e.getSqlState())
        ? Optional.of(new Taken(!"link_external_id".equals(e.getConstraint())))
        : Optional.empty();
  }

  Future<Optional<Link>> change(Link link, Link.Rules rules, Link.Notes notes) {
    var isLimited = link.notes().clickLimit().isPresent() || notes.clickLimit().isPresent();
    return Writes.as(
            actor,
            pool,
            connection ->
                // the limit is locked before the link, as the sink does it
                (isLimited
                        ? limit(connection, link.id(), notes)
                        : Future.succeededFuture(rules.state() == Link.State.EXHAUSTED))
                    .map(isReached -> rules.in(state(rules.state(), isReached)))
                    .compose(kept -> change(connection, link, kept, notes)))
        .recover(
            failure ->
                failure instanceof Stale
                    ? Future.succeededFuture(Optional.empty())
                    : Future.failedFuture(
                        taken(failure).<Throwable>map(taken -> taken).orElse(failure)));
  }

  private static Link.State state(Link.State wanted, boolean isReached) {
    return switch (wanted) {
      case ACTIVE, EXHAUSTED -> isReached ? Link.State.EXHAUSTED : Link.State.ACTIVE;
      case DISABLED, DELETED -> wanted;
    };
  }

  private static Future<Optional<Link>> change(
      SqlConnection connection, Link link, Link.Rules rules, Link.Notes notes) {
    return connection
        .preparedQuery(CHANGE)
        .execute(LinkRows.with(Tuple.of(link.id(), link.version()), rules, notes))
        .map(LinkRows::first)
        .compose(
            kept ->
                kept.isPresent()
                    ? Future.succeededFuture(kept)
                    : Future.failedFuture(new Stale())); // takes the limit back, too
  }

  /** Somebody else was faster. */
  private static final class Stale extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private Stale() {
      super("the link was changed meanwhile", null, false, false);
    }
  }
}
