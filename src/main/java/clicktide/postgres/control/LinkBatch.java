package clicktide.postgres.control;

import clicktide.event.OwnerId;
import clicktide.link.Link;
import clicktide.store.Links.Draft;
import clicktide.store.Links.Opening;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Many links in one statement. */
final class LinkBatch {
  /** New links have no clicks, so no limit is reached. */
  private static final String CREATE =
      """
      WITH made AS (
          INSERT INTO link (code, owner, destination, status, state, tracking, starts_at, expires_at, forwards_query,
            title, tags, external_id, click_limit)
          SELECT code, owner, destination, status, state, tracking, starts_at, expires_at, forwards_query,
            title, tags, external_id, click_limit
          FROM jsonb_to_recordset($1) AS x (code text, owner bigint, destination text, status smallint, state text,
            tracking text, starts_at timestamptz, expires_at timestamptz, forwards_query boolean,
            title text, tags text[], external_id text, click_limit bigint)
          ON CONFLICT DO NOTHING RETURNING *),
        limited AS (
          INSERT INTO click_limit (link, most, people) SELECT id, click_limit, 0 FROM made WHERE click_limit IS NOT NULL),
        opened AS (
          INSERT INTO opening_balance (link, clicks, source)
          SELECT made.id, x.clicks, x.source
          FROM jsonb_to_recordset($1) AS x (code text, clicks bigint, source text) JOIN made USING (code)
          WHERE x.clicks IS NOT NULL)
      SELECT * FROM made""";

  private static final String NAMED =
      """
      SELECT * FROM link WHERE code = ANY ($2)
      UNION
      SELECT * FROM link WHERE owner = $1 AND external_id = ANY ($3) AND state <> 'DELETED'""";

  private LinkBatch() {}

  static Future<List<Link>> create(
      SqlConnection connection, List<Draft> drafts, Map<String, Opening> openings) {
    if (drafts.isEmpty()) {
      return Future.succeededFuture(List.of());
    }
    var rows = new JsonArray();
    drafts.forEach(draft -> rows.add(row(draft, openings)));
    return connection.preparedQuery(CREATE).execute(Tuple.of(rows)).map(LinkRows::all);
  }

  static Future<List<Link>> named(
      Pool pool, OwnerId owner, List<String> codes, List<String> externalIds) {
    return pool.preparedQuery(NAMED)
        .execute(
            Tuple.of(
                owner.number(), codes.toArray(String[]::new), externalIds.toArray(String[]::new)))
        .map(LinkRows::all);
  }

  private static JsonObject row(Draft draft, Map<String, Opening> openings) {
    var rules = draft.rules();
    var notes = draft.notes();
    var code = draft.code().orElseThrow();
    var row =
        new JsonObject()
            .put("code", code)
            .put("owner", draft.owner().number())
            .put("destination", rules.destination())
            .put("status", rules.status())
            .put("state", rules.state().name())
            .put("tracking", rules.tracking().name())
            .put("starts_at", rules.startsAt().map(Instant::toString).orElse(null))
            .put("expires_at", rules.expiresAt().map(Instant::toString).orElse(null))
            .put("forwards_query", rules.forwardsQuery())
            .put("title", notes.title().orElse(null))
            .put("tags", new JsonArray(notes.tags()))
            .put("external_id", notes.externalId().orElse(null))
            .put("click_limit", notes.clickLimit().orElse(null));
    var opening = openings.get(code);
    return opening == null
        ? row
        : row.put("clicks", opening.clicks()).put("source", opening.source());
  }
}
