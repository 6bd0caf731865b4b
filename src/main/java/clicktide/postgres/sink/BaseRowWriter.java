package clicktide.postgres.sink;

import clicktide.count.BaseRows;
import clicktide.enrich.Dimension;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.stream.Collectors;
import org.postgresql.PGConnection;

/** Appends base rows by COPY. The numbers of their values are learned before the transaction. */
final class BaseRowWriter {
  private static final String COPY =
      "COPY click_row (minute, link, owner, human, bot, %s, visitors, received) FROM STDIN (FORMAT binary)"
          .formatted(
              Arrays.stream(Dimension.values())
                  .map(Dimension::column)
                  .collect(Collectors.joining(", ")));

  /** Per owner, day and connection. They take about 50 MB in the store. */
  private static final int MAX_NEW_VALUES = 100_000;

  private final Dictionary dictionary = new Dictionary(new NewValueLimiter(MAX_NEW_VALUES));

  /** The dictionary numbers of the values of some rows, by cell. */
  record Numbers(Map<BaseRows.Cell, int[]> byCell) {}

  /** Looks the numbers up, and gives numbers to new values. Commits by itself. */
  Numbers numbers(Connection connection, Collection<BaseRows.Row> rows) throws SQLException {
    var cells = rows.stream().map(BaseRows.Row::cell).toList();
    return new Numbers(dictionary.numbers(connection, cells));
  }

  /** Appends rows whose values all have numbers, in the transaction of the caller. */
  static void append(Connection connection, Collection<BaseRows.Row> rows, Numbers numbers)
      throws SQLException {
    if (rows.isEmpty()) {
      return;
    }
    var binary = new BinaryRows(rows, row -> numbers.byCell.get(row.cell()));
    try {
      connection.unwrap(PGConnection.class).getCopyAPI().copyIn(COPY, binary);
    } catch (IOException e) {
      throw new SQLException("COPY failed", e);
    }
  }
}
