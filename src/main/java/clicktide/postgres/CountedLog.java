package clicktide.postgres;

import java.sql.SQLException;

/** Which log the counts of a database stand for: decided by the first start, and kept. */
public final class CountedLog {
  private static final String DECIDE =
      "INSERT INTO event_log (topic_id, partitions) VALUES (?, ?) ON CONFLICT DO NOTHING";

  private static final String DECIDED = "SELECT topic_id, partitions FROM event_log";

  private CountedLog() {}

  /**
   * Throws {@link IllegalStateException} with a sentence for the operator if it is another topic,
   * of the same name perhaps, or one whose partitions were changed.
   */
  public static void require(Database database, String topicId, int partitions)
      throws SQLException {
    try (var connection = database.connect()) {
      try (var statement = connection.prepareStatement(DECIDE)) {
        statement.setString(1, topicId);
        statement.setInt(2, partitions);
        statement.executeUpdate();
      }
      try (var statement = connection.prepareStatement(DECIDED);
          var row = statement.executeQuery()) {
        row.next();
        if (!row.getString(1).equals(topicId) || row.getInt(2) != partitions) {
          throw new IllegalStateException(
              "The counts were made from topic %s with %d partitions, and Kafka has topic %s with %d: nothing is counted from another log."
                  .formatted(row.getString(1), row.getInt(2), topicId, partitions));
        }
      }
    }
  }
}
