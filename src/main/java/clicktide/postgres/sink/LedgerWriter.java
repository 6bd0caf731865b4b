package clicktide.postgres.sink;

import clicktide.enrich.EnrichedClick;
import clicktide.event.LinkClick;
import clicktide.event.Minute;
import clicktide.event.ShedReport;
import clicktide.event.TrackingMode;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writer of the ledger: repeats, rejections, shed clicks, and corrections of closed days (C2, G9).
 * All of it is written in the transaction that counts.
 */
final class LedgerWriter {
  private static final Duration CORRECTED = Duration.ofDays(1);
  private static final int VERSION = 1; // of the rollups

  private static final String UNCOUNTED =
      "INSERT INTO uncounted (minute, link, owner, reason, events) VALUES (?, ?, ?, ?, ?)";

  private static final String SHED =
      """
      INSERT INTO shed (node, boot, lane, minute, link, owner, clicks) VALUES (?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (node, boot, lane, minute, link, owner)
      DO UPDATE SET clicks = greatest(shed.clicks, excluded.clicks)""";

  /** Runs before the rows are written, so it sees the count before the correction. */
  private static final String CORRECTION =
      """
      INSERT INTO correction (minute, link, owner, clicks_before, clicks_after, cause, version, corrected_at)
      SELECT m, l, ?, n, n + ?, 'late', ?, ?
      FROM (SELECT ?::timestamptz AS m, ?::bigint AS l) cell,
        LATERAL (SELECT coalesce(sum(human + bot), 0) AS n FROM click_row WHERE link = l AND minute = m) before""";

  private LedgerWriter() {}

  /** A minute of a link, with the owner that its events carried. */
  private record LedgerCell(Minute minute, long link, long owner)
      implements Comparable<LedgerCell> {
    private static LedgerCell of(LinkClick click) {
      var link = click.subject();
      return new LedgerCell(Minute.of(click.at()), link.id(), link.owner().number());
    }

    @Override
    public int compareTo(LedgerCell other) {
      return Comparator.comparing(LedgerCell::minute)
          .thenComparingLong(LedgerCell::link)
          .thenComparingLong(LedgerCell::owner)
          .compare(this, other);
    }
  }

  /** Returns the reason for which clicks with this tracking mode are not counted. */
  static String reason(TrackingMode mode) {
    return mode.name().toLowerCase(Locale.ROOT);
  }

  static void uncounted(Connection connection, String reason, List<LinkClick> clicks)
      throws SQLException {
    if (clicks.isEmpty()) {
      return;
    }
    var counts = new HashMap<LedgerCell, Integer>();
    clicks.forEach(click -> counts.merge(LedgerCell.of(click), 1, Integer::sum));
    try (var statement = connection.prepareStatement(UNCOUNTED)) {
      for (var entry : counts.entrySet()) {
        statement.setTimestamp(1, at(entry.getKey().minute));
        statement.setLong(2, entry.getKey().link);
        statement.setLong(3, entry.getKey().owner);
        statement.setString(4, reason);
        statement.setInt(5, entry.getValue());
        statement.addBatch();
      }
      statement.executeBatch();
    }
  }

  static void shed(Connection connection, List<ShedReport> shed) throws SQLException {
    if (shed.isEmpty()) {
      return;
    }
    var inOneOrder = // so that writers cannot deadlock
        shed.stream()
            .sorted(
                Comparator.comparingLong(ShedReport::node)
                    .thenComparingInt(ShedReport::boot)
                    .thenComparingInt(ShedReport::lane)
                    .thenComparing(ShedReport::minute)
                    .thenComparingLong(ShedReport::link)
                    .thenComparingLong(one -> one.owner().number())
                    .thenComparingLong(ShedReport::clicks))
            .toList();
    try (var statement = connection.prepareStatement(SHED)) {
      for (var one : inOneOrder) {
        statement.setLong(1, one.node());
        statement.setInt(2, one.boot());
        statement.setInt(3, one.lane());
        statement.setTimestamp(4, at(one.minute()));
        statement.setLong(5, one.link());
        statement.setLong(6, one.owner().number());
        statement.setLong(7, one.clicks());
        statement.addBatch();
      }
      statement.executeBatch();
    }
  }

  /**
   * Records corrections for late clicks. To be called before the rows of these clicks are written.
   */
  static void corrections(Connection connection, List<EnrichedClick> counted) throws SQLException {
    Map<LedgerCell, Integer> late = new TreeMap<>();
    var newest = Instant.EPOCH;
    for (var click : counted) {
      if (click.click().at().plus(CORRECTED).isBefore(click.loggedAt())) {
        late.merge(LedgerCell.of(click.click()), 1, Integer::sum);
        newest = click.loggedAt().isAfter(newest) ? click.loggedAt() : newest;
      }
    }
    if (late.isEmpty()) {
      return;
    }
    try (var statement = connection.prepareStatement(CORRECTION)) {
      for (var entry : late.entrySet()) {
        statement.setLong(1, entry.getKey().owner);
        statement.setInt(2, entry.getValue());
        statement.setInt(3, VERSION);
        statement.setTimestamp(4, Timestamp.from(newest));
        statement.setTimestamp(5, at(entry.getKey().minute));
        statement.setLong(6, entry.getKey().link);
        statement.addBatch();
      }
      statement.executeBatch();
    }
  }

  private static Timestamp at(Minute minute) {
    return Timestamp.from(minute.start());
  }
}
