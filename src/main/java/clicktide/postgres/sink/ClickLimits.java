package clicktide.postgres.sink;

import clicktide.count.BaseRows;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.TreeMap;

/**
 * Counts human clicks towards the limits of their links, in the transaction that counts them. A
 * link that reaches its limit becomes exhausted (A7). A link without a limit costs one index
 * lookup.
 */
final class ClickLimits {
  private static final String COUNT = "CALL count_toward_limits(?, ?)";

  private ClickLimits() {}

  /**
   * Called after {@link Fences#advance} in the same transaction: a new limit waits for transactions
   * that hold a fence, because they may not have seen it.
   */
  static void count(Connection connection, Collection<BaseRows.Row> rows) throws SQLException {
    var humans = new TreeMap<Long, Long>();
    for (var row : rows) {
      humans.merge(row.cell().link(), row.clicks().human(), Long::sum);
    }
    if (humans.isEmpty()) {
      return;
    }
    try (var statement = connection.prepareStatement(COUNT)) {
      statement.setArray(1, connection.createArrayOf("int8", humans.keySet().toArray()));
      statement.setArray(2, connection.createArrayOf("int8", humans.values().toArray()));
      statement.execute();
    }
  }
}
