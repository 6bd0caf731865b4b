package clicktide.postgres.control;

import clicktide.event.OwnerId;
import clicktide.link.Link;
import clicktide.link.LinkDraft;
import clicktide.postgres.NamedSql;
import clicktide.store.Links.Opening;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import java.util.List;
import java.util.Map;

/** Creates and finds any number of links in one statement. */
final class LinkBatch {
  /** A new link has no clicks, so its limit is not reached. */
  private static final NamedSql CREATE =
      NamedSql.of(
          """
      WITH draft AS MATERIALIZED (
          SELECT * FROM jsonb_to_recordset(:drafts)
            AS draft (code text, owner bigint, %2$s, opening_clicks bigint, opening_source text)),
        created AS (
          INSERT INTO link (code, owner, %1$s) SELECT code, owner, %1$s FROM draft
          ON CONFLICT DO NOTHING RETURNING *),
        counted AS (
          INSERT INTO link_count (owner, links) SELECT owner, count(*) FROM created GROUP BY owner
          ON CONFLICT (owner) DO UPDATE SET links = link_count.links + excluded.links),
        limited AS (
          INSERT INTO click_limit (link, most, people)
          SELECT id, click_limit, 0 FROM created WHERE click_limit IS NOT NULL),
        opened AS (
          INSERT INTO opening_balance (link, clicks, source)
          SELECT created.id, opening_clicks, opening_source FROM draft JOIN created USING (code)
          WHERE opening_clicks IS NOT NULL)
      SELECT * FROM created"""
              .formatted(LinkColumns.NAMES, LinkColumns.TYPED));

  private static final NamedSql NAMED =
      NamedSql.of(
          """
      SELECT * FROM link WHERE code = ANY (:codes)
      UNION
      SELECT * FROM link WHERE owner = :owner AND external_id = ANY (:ids) AND state <> 'DELETED'""");

  private LinkBatch() {}

  /** Creates the links whose codes and external ids are free. Each draft has a code. */
  static Future<List<Link>> create(
      SqlConnection connection, List<LinkDraft> drafts, Map<String, Opening> openings) {
    if (drafts.isEmpty()) {
      return Future.succeededFuture(List.of());
    }
    var rows = new JsonArray();
    drafts.forEach(draft -> rows.add(row(draft, openings)));
    return CREATE.with("drafts", rows).on(connection).map(LinkRows::all);
  }

  static Future<List<Link>> named(
      Pool pool, OwnerId owner, List<String> codes, List<String> externalIds) {
    return NAMED
        .with("owner", owner.number())
        .with("codes", codes.toArray(String[]::new))
        .with("ids", externalIds.toArray(String[]::new))
        .on(pool)
        .map(LinkRows::all);
  }

  private static JsonObject row(LinkDraft draft, Map<String, Opening> openings) {
    var code = draft.code().orElseThrow();
    var row =
        LinkColumns.of(draft.rules(), draft.notes())
            .put("code", code)
            .put("owner", draft.owner().number());
    var opening = openings.get(code);
    return opening == null
        ? row
        : row.put("opening_clicks", opening.clicks()).put("opening_source", opening.source());
  }
}
