package clicktide.postgres.sink;

import clicktide.count.BaseRows;
import clicktide.event.OwnerId;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The links of new base rows that the database lost with its last changes (R5). Questions about all
 * clicks of an owner find such rows by the table that this type writes. A link that exists is never
 * removed, so a connection looks up each link once.
 */
final class LostLinks {
  private static final int MOST_LOOKED_UP = 50_000; // about 5 MB

  private static final String INSERT =
      """
      INSERT INTO lost_link (owner, id)
      SELECT owner, id FROM unnest(?, ?) AS clicked (owner, id)
      WHERE NOT EXISTS (SELECT FROM link WHERE link.id = clicked.id AND link.owner = clicked.owner)
      ON CONFLICT DO NOTHING""";

  private final Set<ClickedLink> lookedUp = new HashSet<>();

  /** A link with an owner that its clicks carried. */
  private record ClickedLink(OwnerId owner, long id) {
    private static ClickedLink of(BaseRows.Row row) {
      return new ClickedLink(row.cell().owner(), row.cell().link());
    }
  }

  /** Adds lost links with autocommit, before their first rows are written. */
  void add(Connection connection, Collection<BaseRows.Row> rows) throws SQLException {
    var links =
        rows.stream()
            .map(ClickedLink::of)
            .filter(link -> !lookedUp.contains(link))
            .collect(Collectors.toSet());
    if (links.isEmpty()) {
      return;
    }
    try (var statement = connection.prepareStatement(INSERT)) {
      var owners = links.stream().map(link -> link.owner.number()).toArray();
      var ids = links.stream().map(ClickedLink::id).toArray();
      statement.setArray(1, connection.createArrayOf("int8", owners));
      statement.setArray(2, connection.createArrayOf("int8", ids));
      statement.executeUpdate();
    }
    if (lookedUp.size() + links.size() > MOST_LOOKED_UP) {
      lookedUp.clear();
    }
    lookedUp.addAll(links);
  }
}
