package clicktide.postgres.sink;

import clicktide.event.DeadLetter;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * The dead letters of the rollup sink until the dead-letter topic has them. They are written in the
 * transaction that moves the fence past them, so a slow broker never holds that transaction open.
 * {@link clicktide.postgres.maintenance.DeadLetterShipper} ships them.
 */
final class DeadLetterOutbox {
  private static final String INSERT =
      """
      INSERT INTO dead_letter_outbox (topic_id, partition, log_offset, index_in_record, reason, bytes)
      VALUES (?, ?, ?, ?, ?, ?)
      ON CONFLICT DO NOTHING""";

  private DeadLetterOutbox() {}

  static void insert(Connection connection, List<DeadLetter> letters) throws SQLException {
    if (letters.isEmpty()) {
      return;
    }
    try (var statement = connection.prepareStatement(INSERT)) {
      for (var letter : letters) {
        var position = letter.position();
        statement.setString(1, position.topicId());
        statement.setInt(2, position.partition());
        statement.setLong(3, position.offset());
        statement.setInt(4, position.index());
        statement.setString(5, letter.reason().name());
        statement.setBytes(6, letter.bytes());
        statement.addBatch();
      }
      statement.executeBatch();
    }
  }
}
