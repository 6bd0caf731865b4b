package clicktide.timescale;

import clicktide.count.Repeats;
import clicktide.count.Visit;
import clicktide.event.Identity;
import clicktide.event.OwnerId;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The ids of collectors' events that were counted, kept in the transaction that counts them. What
 * is kept expires by the day of receipt, not by the event's time: a retry with another time is
 * known.
 */
final class SeenIds {
  private static final String REMEMBER =
      """
      INSERT INTO seen_id (received_on, owner, id_high, id_low)
      SELECT * FROM unnest(?::date[], ?::bigint[], ?::bigint[], ?::bigint[]) ORDER BY 2, 3, 4
      ON CONFLICT DO NOTHING
      RETURNING owner, id_high, id_low""";

  private SeenIds() {}

  /** Own clicks arrive once; of collectors' events those are kept whose id is new. */
  static List<Visit> withoutRepeats(Connection connection, List<Visit> visits) throws SQLException {
    var collected =
        visits.stream()
            .filter(visit -> visit.click().identity() instanceof Identity.Collected)
            .toList();
    if (collected.isEmpty()) {
      return visits;
    }
    var fresh = remember(connection, collected);
    return Repeats.without(visits, fresh);
  }

  private static Set<Identity.Collected> remember(Connection connection, List<Visit> visits)
      throws SQLException {
    var ids = new ArrayList<Identity.Collected>();
    var days = new ArrayList<LocalDate>();
    for (var visit : visits) {
      if (visit.click().identity() instanceof Identity.Collected id) {
        ids.add(id);
        days.add(visit.loggedAt().atOffset(ZoneOffset.UTC).toLocalDate());
      }
    }
    try (var statement = connection.prepareStatement(REMEMBER)) {
      statement.setArray(1, connection.createArrayOf("date", days.toArray()));
      statement.setArray(
          2,
          connection.createArrayOf("int8", ids.stream().map(id -> id.owner().number()).toArray()));
      statement.setArray(
          3,
          connection.createArrayOf("int8", ids.stream().map(Identity.Collected::high).toArray()));
      statement.setArray(
          4, connection.createArrayOf("int8", ids.stream().map(Identity.Collected::low).toArray()));
      var fresh = new HashSet<Identity.Collected>();
      try (var row = statement.executeQuery()) {
        while (row.next()) {
          fresh.add(
              new Identity.Collected(new OwnerId(row.getLong(1)), row.getLong(2), row.getLong(3)));
        }
      }
      return fresh;
    }
  }
}
