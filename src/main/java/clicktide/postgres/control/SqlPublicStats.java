package clicktide.postgres.control;

import clicktide.link.Link;
import clicktide.postgres.Writes;
import clicktide.store.Actor;
import clicktide.store.PublicStats;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Tuple;
import java.util.Optional;

/** The links with public statistics, in PostgreSQL. */
public final class SqlPublicStats implements PublicStats {
  private static final String FIND = "SELECT hash FROM public_stats WHERE link = $1 AND enabled";

  private static final String SHOW =
      """
      INSERT INTO public_stats (link, code, owner, hash) VALUES ($1, $2, $3, $4)
      ON CONFLICT (link) DO UPDATE SET hash = excluded.hash, enabled = true""";

  private static final String HIDE =
      "UPDATE public_stats SET enabled = false, hash = NULL WHERE link = $1 AND enabled";

  private final Pool pool;
  private final Actor actor;

  public SqlPublicStats(Pool pool) {
    this(pool, Actor.CLICKTIDE);
  }

  private SqlPublicStats(Pool pool, Actor actor) {
    this.pool = pool;
    this.actor = actor;
  }

  @Override
  public PublicStats by(Actor actor) {
    return new SqlPublicStats(pool, actor);
  }

  @Override
  public Future<Optional<Visibility>> find(long link) {
    return pool.preparedQuery(FIND)
        .execute(Tuple.of(link))
        .map(
            rows -> {
              for (var row : rows) {
                return Optional.of(new Visibility(Optional.ofNullable(row.getString("hash"))));
              }
              return Optional.empty();
            });
  }

  @Override
  public Future<Void> show(Link link, Visibility visibility) {
    return write(
        SHOW,
        Tuple.of(
            link.id(), link.code(), link.owner().number(), visibility.passwordHash().orElse(null)));
  }

  @Override
  public Future<Void> hide(Link link) {
    return write(HIDE, Tuple.of(link.id()));
  }

  private Future<Void> write(String sql, Tuple values) {
    return Writes.as(
        actor, pool, connection -> connection.preparedQuery(sql).execute(values).mapEmpty());
  }
}
