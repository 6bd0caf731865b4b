package clicktide.postgres.query;

import clicktide.postgres.NamedSql;
import clicktide.postgres.SqlStatement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A statement that sums aggregates, and base rows where the aggregates do not reach. The coverage
 * was read before, and its parts are parameters: if the statement looked for them itself, the
 * planner could not tell which chunks are read, and would plan all of them (decision 0009). In
 * these texts <code>{rows}</code> are the base rows {@code r} of the parts, and <code>{changed}
 * </code> is a row that begins with null if the coverage has changed. For any thread.
 */
final class CoverageSql {
  /** A scan for each of a few parts: chunks between them are not touched. */
  private static final String ROWS_OF_FEW_PARTS =
      """
      unnest(:part_begins::timestamptz[], :part_ends::timestamptz[]) AS x (lo, hi) CROSS JOIN LATERAL (
          SELECT r.minute, r.link, r.human, r.bot FROM click_row r
          WHERE r.owner = :owner {and_row_links}
            AND r.minute >= x.lo AND r.minute < x.hi AND r.minute >= :rows_from AND r.minute < :rows_to OFFSET 0) r""";

  /** One scan from the first part to the last one, because each scan is planned for every chunk. */
  private static final String ROWS_OF_MANY_PARTS =
      """
      click_row r
        WHERE r.owner = :owner {and_row_links} AND r.minute >= :rows_from AND r.minute < :rows_to AND EXISTS (
          SELECT FROM unnest(:part_begins::timestamptz[], :part_ends::timestamptz[]) AS x (lo, hi)
          WHERE r.minute >= x.lo AND r.minute < x.hi)""";

  private static final String CHANGED =
      """
      UNION ALL
      -- the coverage in this snapshot is not the one of the parameters
      SELECT NULL, NULL, NULL
      WHERE EXISTS (SELECT FROM dirty_day WHERE day >= :from AND day < :to AND day <> ALL (:dirty_days::timestamptz[]))
        OR EXISTS (SELECT FROM quarters_through WHERE through <> :watermark)
        OR EXISTS (
          SELECT FROM dirty_minute WHERE minute >= :from AND minute < least(:to, :watermark)
            -- 900 seconds are a quarter of an hour; quarters are numbered from 1970
            AND date_part('epoch', minute)::bigint / 900 <> ALL (:dirty_quarters::bigint[]))""";

  private static final int FEW_PARTS = 16;
  private static final long QUARTER_SECONDS = Coverage.QUARTER.toSeconds();

  private final String template;
  private final Map<Variant, NamedSql> variants = new ConcurrentHashMap<>(); // at most six

  private record Variant(TenantPredicate.LinkChoice links, boolean hasFewParts) {}

  CoverageSql(String template) {
    this.template = template;
  }

  /** Begins a call for [from, to) with the base rows of some parts. */
  SqlStatement call(
      TenantPredicate tenant,
      Instant from,
      Instant to,
      Coverage coverage,
      List<Coverage.Span> parts) {
    var variant = new Variant(tenant.links(), parts.size() <= FEW_PARTS);
    return tenant
        .call(variants.computeIfAbsent(variant, this::text))
        .with("from", utc(from))
        .with("to", utc(to))
        .with("dirty_days", utc(coverage.dirtyDays()))
        .with("dirty_quarters", quarters(coverage.dirtyQuarters()))
        .with("watermark", utc(coverage.watermark()))
        .with("part_begins", utc(parts.stream().map(Coverage.Span::from).toList()))
        .with("part_ends", utc(parts.stream().map(Coverage.Span::to).toList()))
        .with("rows_from", utc(parts.isEmpty() ? from : parts.getFirst().from()))
        .with("rows_to", utc(parts.isEmpty() ? from : parts.getLast().to()));
  }

  private NamedSql text(Variant variant) {
    var rows = variant.hasFewParts ? ROWS_OF_FEW_PARTS : ROWS_OF_MANY_PARTS;
    var sql = template.replace("{rows}", rows).replace("{changed}", CHANGED);
    return NamedSql.of(variant.links.in(sql));
  }

  /** Returns the parts of pieces of time that quarters do not cover. */
  static List<Coverage.Span> uncovered(Coverage coverage, List<Coverage.Span> pieces) {
    var parts = new ArrayList<Coverage.Span>();
    pieces.forEach(piece -> parts.addAll(coverage.uncovered(piece.from(), piece.to())));
    return parts;
  }

  static Long[] quarters(List<Instant> bounds) {
    return bounds.stream().map(CoverageSql::quarter).toArray(Long[]::new);
  }

  /** Returns the number of quarters from 1970 until then. */
  static long quarter(Instant at) {
    return Math.floorDiv(at.getEpochSecond(), QUARTER_SECONDS);
  }

  static OffsetDateTime[] utc(List<Instant> times) {
    return times.stream().map(CoverageSql::utc).toArray(OffsetDateTime[]::new);
  }

  static OffsetDateTime utc(Instant at) {
    return at.atOffset(ZoneOffset.UTC);
  }
}
