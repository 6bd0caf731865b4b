package clicktide.postgres.query;

import clicktide.postgres.OwnersView;
import clicktide.store.AnalyticsTarget;
import clicktide.store.LedgerReader;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.ZoneOffset;

/** Reads the ledger beside the base rows, in one statement and so in one snapshot. */
public final class PostgresLedgerReader implements LedgerReader {
  /** $1 the owner, $2 and $3 the range, $4 the link. */
  private static final String ENTRY =
      """
      WITH row_sums AS (
        SELECT coalesce(sum(coalesce(r.received, r.human + r.bot)), 0)::bigint AS received,
          coalesce(sum(r.human + r.bot), 0)::bigint AS counted
        FROM click_row r WHERE %s),
      uncounted_sums AS (
        SELECT coalesce(sum(events) FILTER (WHERE reason = 'duplicate'), 0)::bigint AS duplicate,
          coalesce(sum(events) FILTER (WHERE reason IN ('rejected', 'failed')), 0)::bigint AS rejected,
          coalesce(sum(events) FILTER (WHERE reason = 'failed'), 0)::bigint AS failed,
          coalesce(sum(events) FILTER (WHERE reason = 'own_traffic'), 0)::bigint AS own_traffic,
          coalesce(sum(events) FILTER (WHERE reason = 'tracking_off'), 0)::bigint AS tracking_off
        FROM uncounted WHERE owner = $1 AND minute >= $2 AND minute < $3 %s),
      shed_sums AS (
        SELECT coalesce(sum(clicks) FILTER (WHERE %s), 0)::bigint AS shed,
          coalesce(sum(clicks) FILTER (WHERE NOT (%s)), 0)::bigint AS unattributed
        FROM shed WHERE owner IN ($1, 0) AND minute >= $2 AND minute < $3)
      SELECT * FROM row_sums, uncounted_sums, shed_sums""";

  private static final String OF_LINK =
      ENTRY.formatted(
          "r.link = $4 AND r.owner = $1 AND r.minute >= $2 AND r.minute < $3",
          "AND link = $4",
          "link = $4",
          "link <> 0");

  private static final String OF_OWNER =
      ENTRY.formatted(
          "r.owner = $1 AND r.minute >= $2 AND r.minute < $3"
              + " AND r.link IN (SELECT id FROM link WHERE owner = $1)",
          "",
          "owner <> 0",
          "owner <> 0");

  private static final String LOSS =
      """
      SELECT coalesce(sum(clicks) FILTER (WHERE %s), 0)::bigint AS shed,
        coalesce(sum(clicks) FILTER (WHERE %s), 0)::bigint AS unattributed
      FROM shed WHERE owner IN ($1, 0) AND minute >= $2 AND minute < $3""";

  private static final String LOSS_OF_LINK = LOSS.formatted("link = $4", "link = 0");
  private static final String LOSS_OF_OWNER = LOSS.formatted("owner <> 0", "owner = 0");

  private final OwnersView views;

  public PostgresLedgerReader(Pool pool) {
    this.views = new OwnersView(pool);
  }

  @Override
  public Future<Entry> entry(AnalyticsTarget whose, Instant from, Instant to) {
    var answer = ask(whose, from, to, OF_LINK, OF_OWNER);
    return answer.map(rows -> entry(rows.iterator().next()));
  }

  @Override
  public Future<Loss> loss(AnalyticsTarget whose, Instant from, Instant to) {
    return ask(whose, from, to, LOSS_OF_LINK, LOSS_OF_OWNER)
        .map(rows -> rows.iterator().next())
        .map(row -> new Loss(row.getLong("shed"), row.getLong("unattributed")));
  }

  private Future<RowSet<Row>> ask(
      AnalyticsTarget whose, Instant from, Instant to, String ofLink, String ofOwner) {
    var parameters =
        Tuple.of(
            whose.owner().number(), from.atOffset(ZoneOffset.UTC), to.atOffset(ZoneOffset.UTC));
    var statement =
        switch (whose) {
          case AnalyticsTarget.Link link -> {
            parameters.addValue(link.id());
            yield ofLink;
          }
          case AnalyticsTarget.Owner _ -> ofOwner;
        };
    return views.of(
        whose.owner(), connection -> connection.preparedQuery(statement).execute(parameters));
  }

  private static Entry entry(Row row) {
    var shed = row.getLong("shed");
    return new Entry(
        row.getLong("received") + row.getLong("failed") + shed,
        row.getLong("counted"),
        row.getLong("duplicate"),
        new Filtered(row.getLong("own_traffic"), row.getLong("tracking_off")),
        row.getLong("rejected"),
        shed,
        row.getLong("unattributed"));
  }
}
