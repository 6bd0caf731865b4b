package clicktide.postgres.sink;

import clicktide.count.BaseRows;
import clicktide.count.Dimension;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
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

  private final Dictionary dictionary = new Dictionary();

  /** The dictionary numbers of the values of some rows, by value list. */
  record Numbers(Map<List<String>, int[]> byValues) {}

  /** Looks the numbers up, and gives numbers to new values. Commits by itself. */
  Numbers numbers(Connection connection, Collection<BaseRows.Row> rows) throws SQLException {
    var newest = rows.stream().map(row -> row.cell().minute()).max(Comparator.naturalOrder());
    if (newest.isEmpty()) {
      return new Numbers(Map.of());
    }
    var day = newest.get().start().atOffset(ZoneOffset.UTC).toLocalDate();
    var values = rows.stream().map(row -> row.cell().values()).toList();
    return new Numbers(dictionary.numbers(connection, day, values));
  }

  /** Appends rows whose values all have numbers, in the transaction of the caller. */
  static void append(Connection connection, Collection<BaseRows.Row> rows, Numbers numbers)
      throws SQLException {
    if (rows.isEmpty()) {
      return;
    }
    try {
      var bytes = new BinaryRows();
      for (var row : rows) {
        bytes.add(row, numbers.byValues.get(row.cell().values()));
      }
      connection.unwrap(PGConnection.class).getCopyAPI().copyIn(COPY, bytes.finish());
    } catch (IOException e) {
      throw new SQLException("COPY failed", e);
    }
  }
}
