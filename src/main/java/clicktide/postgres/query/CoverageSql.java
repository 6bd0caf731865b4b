package clicktide.postgres.query;

import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What statements have in common that sum aggregates, and base rows where these do not reach. The
 * coverage was asked before and its parts are parameters: in one statement that looks for them
 * itself, the planner cannot tell which chunks are read, and plans all of them (decision 0009).
 * Parameters: $1 whose, $2 and $3 the range, $4 the dirty days, $5 the dirty quarters by their
 * numbers since 1970, $6 how far quarters reach, $7 and $8 the begins and ends of what is read from
 * rows, $9 and $10 the span of that; what follows is the statement's own.
 */
final class CoverageSql {
  /** A row that begins with null, where the coverage is not what it was taken for. */
  static final String OTHERS =
      """

      UNION ALL
      SELECT NULL, NULL, NULL
      WHERE EXISTS (SELECT FROM dirty_day WHERE day >= $2 AND day < $3 AND day <> ALL ($4::timestamptz[]))
        OR EXISTS (SELECT FROM quarters_through WHERE through <> $6)
        OR EXISTS (
          SELECT FROM dirty_minute WHERE minute >= $2 AND minute < least($3, $6)
            AND date_part('epoch', minute)::bigint / 900 <> ALL ($5::bigint[]))""";

  /** A scan for each of a few parts: nothing between them is touched. */
  private static final String ROWS_OF_FEW_PARTS =
      """
      unnest($7::timestamptz[], $8::timestamptz[]) AS x (lo, hi) CROSS JOIN LATERAL (
          SELECT r.minute, r.link, r.human, r.bot FROM click_row r
          WHERE %s AND r.minute >= x.lo AND r.minute < x.hi AND r.minute >= $9 AND r.minute < $10 OFFSET 0) r""";

  /** One scan from the first part to the last one, since each knows all chunks. */
  private static final String ROWS_OF_MANY_PARTS =
      """
      click_row r
        WHERE %s AND r.minute >= $9 AND r.minute < $10 AND EXISTS (
          SELECT FROM unnest($7::timestamptz[], $8::timestamptz[]) AS x (lo, hi)
          WHERE r.minute >= x.lo AND r.minute < x.hi)""";

  private static final int FEW_PARTS = 16;
  private static final long QUARTER_SECONDS = Coverage.QUARTER.toSeconds();

  private CoverageSql() {}

  /** Base rows {@code r} of the parts. */
  static String rows(TenantPredicate subject, List<Coverage.Part> parts) {
    return (parts.size() > FEW_PARTS ? ROWS_OF_MANY_PARTS : ROWS_OF_FEW_PARTS)
        .formatted(subject.ofRows());
  }

  /** The first ten parameters. */
  static Tuple parameters(
      TenantPredicate subject,
      Instant from,
      Instant to,
      Coverage coverage,
      List<Coverage.Part> parts) {
    return Tuple.from(
        Stream.of(
                subject.parameter(),
                utc(from),
                utc(to),
                utc(coverage.dirtyDays()),
                quarters(coverage.dirtyQuarters()),
                utc(coverage.through()),
                utc(parts.stream().map(Coverage.Part::from).toList()),
                utc(parts.stream().map(Coverage.Part::to).toList()),
                utc(parts.isEmpty() ? from : parts.getFirst().from()),
                utc(parts.isEmpty() ? from : parts.getLast().to()))
            .toList());
  }

  /** What has to be read from rows of pieces of time that come from quarters. */
  static List<Coverage.Part> rest(Coverage coverage, List<Coverage.Part> pieces) {
    var parts = new ArrayList<Coverage.Part>();
    pieces.forEach(piece -> parts.addAll(coverage.rest(piece.from(), piece.to())));
    return parts;
  }

  static Long[] quarters(List<Instant> bounds) {
    return bounds.stream().map(CoverageSql::quarter).toArray(Long[]::new);
  }

  /** The number of quarters that begin between 1970 and then. */
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
