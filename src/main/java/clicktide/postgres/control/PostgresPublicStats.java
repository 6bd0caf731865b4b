package clicktide.postgres.control;

import clicktide.link.Link;
import clicktide.postgres.NamedSql;
import clicktide.postgres.SqlStatement;
import clicktide.postgres.Writes;
import clicktide.store.Actor;
import clicktide.store.PublicStats;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import java.util.Optional;

/** The links with public statistics, in PostgreSQL. */
public final class PostgresPublicStats implements PublicStats {
  private static final NamedSql FIND =
      NamedSql.of("SELECT hash FROM public_stats WHERE link = :link AND enabled");

  private static final NamedSql SHOW =
      NamedSql.of(
          """
      INSERT INTO public_stats (link, code, owner, hash) VALUES (:link, :code, :owner, :hash)
      ON CONFLICT (link) DO UPDATE SET hash = excluded.hash, enabled = true""");

  private static final NamedSql HIDE =
      NamedSql.of(
          "UPDATE public_stats SET enabled = false, hash = NULL WHERE link = :link AND enabled");

  private final Pool pool;
  private final Actor actor;

  public PostgresPublicStats(Pool pool) {
    this(pool, Actor.CLICKTIDE);
  }

  private PostgresPublicStats(Pool pool, Actor actor) {
    this.pool = pool;
    this.actor = actor;
  }

  @Override
  public PublicStats by(Actor actor) {
    return new PostgresPublicStats(pool, actor);
  }

  @Override
  public Future<Optional<Visibility>> find(long link) {
    return FIND.with("link", link)
        .on(pool)
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
        SHOW.with("link", link.id())
            .with("code", link.code())
            .with("owner", link.owner().number())
            .with("hash", visibility.passwordHash().orElse(null)));
  }

  @Override
  public Future<Void> hide(Link link) {
    return write(HIDE.with("link", link.id()));
  }

  private Future<Void> write(SqlStatement statement) {
    return Writes.as(actor, pool, connection -> statement.on(connection).mapEmpty());
  }
}
