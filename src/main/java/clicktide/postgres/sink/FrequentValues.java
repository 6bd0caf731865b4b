package clicktide.postgres.sink;

import clicktide.enrich.ClickValues;
import clicktide.enrich.Dimension;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The values of a link that were frequent on the day before: the 500 with most human clicks, at
 * least three each. A stranger who fills a day with random values cannot replace them.
 */
final class FrequentValues {
  static final int MOST = 500;

  private static final String BEFORE =
      """
      SELECT value FROM (
        SELECT %1$s AS id, sum(human) AS clicks FROM click_row
        WHERE link = ? AND minute >= ? AND minute < ?
        GROUP BY 1 HAVING sum(human) >= 3
        ORDER BY 2 DESC, 1 LIMIT 500) frequent
      JOIN dimension_value USING (id) WHERE value NOT IN ('', '%2$s')""";

  private static final Map<Dimension, String> STATEMENTS =
      Dimension.OPEN.stream()
          .collect(
              Collectors.toMap(
                  Function.identity(),
                  dimension -> BEFORE.formatted(dimension.column(), Dimension.OTHER)));

  private FrequentValues() {}

  /** Reads the hashes of the values before a day, in ascending order. */
  static long[] before(Connection connection, Instant day, long link, Dimension dimension)
      throws SQLException {
    var hashes = new long[MOST];
    var count = 0;
    try (var statement = connection.prepareStatement(STATEMENTS.get(dimension))) {
      statement.setLong(1, link);
      statement.setTimestamp(2, Timestamp.from(day.minus(1, ChronoUnit.DAYS)));
      statement.setTimestamp(3, Timestamp.from(day));
      try (var row = statement.executeQuery()) {
        while (row.next()) {
          hashes[count++] = ClickValues.hash(row.getString(1));
        }
      }
    }
    Arrays.sort(hashes, 0, count);
    return Arrays.copyOf(hashes, count);
  }
}
