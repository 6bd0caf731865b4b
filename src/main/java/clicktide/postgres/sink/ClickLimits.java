package clicktide.postgres.sink;

import clicktide.count.BaseRows;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.TreeMap;

/**
 * Counts people for links that are for so many, in the transaction that counts their clicks, and
 * makes a link exhausted when they have come (A7). Other links cost a look at an index.
 */
final class ClickLimits {
  /** Locked in one order everywhere, so that writers cannot deadlock. */
  private static final String COUNT =
      """
      WITH limited AS (SELECT link FROM click_limit WHERE link = ANY (?) ORDER BY link FOR UPDATE),
        counted AS (
          UPDATE click_limit c SET people = c.people + come.people
          FROM limited JOIN unnest(?, ?) AS come (link, people) USING (link)
          WHERE c.link = limited.link RETURNING c.link, c.people >= c.most AS is_reached)
      UPDATE link SET state = 'EXHAUSTED', version = version + 1, updated_at = clock_timestamp()
      FROM counted WHERE link.id = counted.link AND counted.is_reached AND link.state = 'ACTIVE'""";

  private ClickLimits() {}

  static void count(Connection connection, Collection<BaseRows.Row> rows) throws SQLException {
    var people = new TreeMap<Long, Long>();
    for (var row : rows) {
      people.merge(row.cell().link().id(), row.clicks().human(), Long::sum);
    }
    if (people.isEmpty()) {
      return;
    }
    try (var statement = connection.prepareStatement(COUNT)) {
      var links = connection.createArrayOf("int8", people.keySet().toArray());
      statement.setArray(1, links);
      statement.setArray(2, links);
      statement.setArray(3, connection.createArrayOf("int8", people.values().toArray()));
      statement.executeUpdate();
    }
  }
}
