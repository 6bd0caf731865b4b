package clicktide.postgres;

import java.sql.SQLException;

/** The event log that the counts of a database were made from. The first start decides it. */
public final class CountedLog {
  private static final NamedSql DECIDE =
      NamedSql.of(
          "INSERT INTO event_log (topic_id, partitions) VALUES (:topic, :partitions) ON CONFLICT DO NOTHING");

  private static final String DECIDED = "SELECT topic_id, partitions FROM event_log";

  private CountedLog() {}

  /**
   * Throws {@link IllegalStateException} if the counts were made from another topic, or if the
   * number of partitions has changed. A topic that was created again is another one.
   */
  public static void require(Database database, String topicId, int partitions)
      throws SQLException {
    try (var connection = database.connect()) {
      var decide = DECIDE.with("topic", topicId).with("partitions", partitions);
      try (var statement = decide.prepare(connection)) {
        statement.executeUpdate();
      }
      try (var statement = connection.prepareStatement(DECIDED);
          var row = statement.executeQuery()) {
        row.next();
        if (!row.getString(1).equals(topicId) || row.getInt(2) != partitions) {
          throw new IllegalStateException(
              "The counts were made from topic %s with %d partitions. Kafka has topic %s with %d partitions. Clicks of another log cannot be added to them."
                  .formatted(row.getString(1), row.getInt(2), topicId, partitions));
        }
      }
    }
  }
}
