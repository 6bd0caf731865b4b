package clicktide.postgres.query;

import clicktide.postgres.NamedSql;
import clicktide.postgres.OwnersView;
import clicktide.store.AnalyticsTarget;
import clicktide.store.LedgerReader;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import java.time.Instant;

/** Reads the ledger with the base rows, in one statement and so in one snapshot. */
public final class PostgresLedgerReader implements LedgerReader {
  /** Losses have owner 0 or link 0 where these are not known. */
  private static final String LOSS_OF_LINK =
      """
      SELECT coalesce(sum(clicks) FILTER (WHERE link = :link), 0)::bigint AS shed,
        coalesce(sum(clicks) FILTER (WHERE link = 0), 0)::bigint AS unattributed
      FROM shed WHERE owner IN (:owner, 0) AND minute >= :from AND minute < :to""";

  private static final String LOSS_OF_OWNER =
      """
      SELECT coalesce(sum(clicks) FILTER (WHERE owner = :owner), 0)::bigint AS shed,
        coalesce(sum(clicks) FILTER (WHERE owner = 0), 0)::bigint AS unattributed
      FROM shed WHERE owner IN (:owner, 0) AND minute >= :from AND minute < :to""";

  private static final String ENTRY =
      """
      WITH row_sums AS (
        SELECT coalesce(sum(coalesce(r.received, r.human + r.bot)), 0)::bigint AS received,
          coalesce(sum(r.human + r.bot), 0)::bigint AS counted
        FROM click_row r
        WHERE r.owner = :owner {and_row_links} AND r.minute >= :from AND r.minute < :to),
      -- events that became no click: by reason
      uncounted_sums AS (
        SELECT coalesce(sum(events) FILTER (WHERE reason = 'duplicate'), 0)::bigint AS duplicate,
          coalesce(sum(events) FILTER (WHERE reason IN ('rejected', 'failed')), 0)::bigint AS rejected,
          coalesce(sum(events) FILTER (WHERE reason = 'failed'), 0)::bigint AS failed,
          coalesce(sum(events) FILTER (WHERE reason = 'own_traffic'), 0)::bigint AS own_traffic,
          coalesce(sum(events) FILTER (WHERE reason = 'tracking_off'), 0)::bigint AS tracking_off
        FROM uncounted WHERE owner = :owner {and_links} AND minute >= :from AND minute < :to),
      -- clicks that were lost before the log
      shed_sums AS ({loss})
      SELECT * FROM row_sums, uncounted_sums, shed_sums""";

  private static final Statements OF_LINK =
      Statements.of(TenantPredicate.LinkChoice.ONE, LOSS_OF_LINK);
  private static final Statements OF_OWNER =
      Statements.of(TenantPredicate.LinkChoice.ALL, LOSS_OF_OWNER);

  private record Statements(NamedSql entry, NamedSql loss) {
    private static Statements of(TenantPredicate.LinkChoice links, String loss) {
      return new Statements(
          NamedSql.of(links.in(ENTRY).replace("{loss}", loss)), NamedSql.of(loss));
    }

    private static Statements of(AnalyticsTarget target) {
      return switch (target) {
        case AnalyticsTarget.LinkTarget _ -> OF_LINK;
        case AnalyticsTarget.OwnerTarget _ -> OF_OWNER;
      };
    }
  }

  private final OwnersView views;

  public PostgresLedgerReader(OwnersView views) {
    this.views = views;
  }

  @Override
  public Future<LedgerEntry> entry(AnalyticsTarget target, Instant from, Instant to) {
    return read(Statements.of(target).entry, target, from, to).map(PostgresLedgerReader::entry);
  }

  @Override
  public Future<Loss> loss(AnalyticsTarget target, Instant from, Instant to) {
    return read(Statements.of(target).loss, target, from, to)
        .map(row -> new Loss(row.getLong("shed"), row.getLong("unattributed")));
  }

  private Future<Row> read(NamedSql sql, AnalyticsTarget target, Instant from, Instant to) {
    var statement =
        TenantPredicate.of(target)
            .call(sql)
            .with("from", CoverageSql.utc(from))
            .with("to", CoverageSql.utc(to));
    return views.of(target.owner(), statement::on).map(rows -> rows.iterator().next());
  }

  private static LedgerEntry entry(Row row) {
    var shed = row.getLong("shed");
    return new LedgerEntry(
        row.getLong("received") + row.getLong("failed") + shed,
        row.getLong("counted"),
        row.getLong("duplicate"),
        new Filtered(row.getLong("own_traffic"), row.getLong("tracking_off")),
        row.getLong("rejected"),
        shed,
        row.getLong("unattributed"));
  }
}
