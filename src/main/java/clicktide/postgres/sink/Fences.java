package clicktide.postgres.sink;

import clicktide.store.Batch;
import clicktide.store.Sink.BatchRefused;
import clicktide.store.Sink.Position;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.util.List;
import java.util.UUID;
import java.util.function.LongSupplier;

/**
 * The fences of the rollup sink. They are read and written in the caller's transaction, so a
 * position is kept together with its counts.
 */
final class Fences {
  private static final String TAKE_OVER =
      """
      INSERT INTO fence (sink, topic_id, partition, incarnation, epoch, next, through)
      VALUES ('rollup', ?, ?, ?, 1, ?, '1970-01-01T00:00:00Z')
      ON CONFLICT (sink, topic_id, partition) DO UPDATE SET epoch = fence.epoch + 1
      RETURNING incarnation, epoch, next, progress""";

  private static final String OTHER_TOPIC =
      "SELECT topic_id FROM fence WHERE sink = 'rollup' AND topic_id <> ? LIMIT 1";

  private static final String EXISTS =
      "SELECT EXISTS (SELECT FROM fence WHERE sink = 'rollup' AND topic_id = ? AND partition = ?)";

  private static final String ADVANCE =
      """
      UPDATE fence SET next = ?, through = greatest(through, ?), silent = ?, progress = ?
      WHERE sink = 'rollup' AND topic_id = ? AND partition = ?
        AND incarnation = ? AND epoch = ? AND next = ?""";

  private Fences() {}

  /**
   * Raises the epoch. A new fence gets the given incarnation, and starts at the offset from {@code
   * beginning}.
   */
  static Position takeOver(
      Connection connection,
      String topicId,
      int partition,
      UUID incarnation,
      LongSupplier beginning)
      throws SQLException {
    requireSameTopic(connection, topicId);
    var first = exists(connection, topicId, partition) ? 0 : beginning.getAsLong();
    try (var statement = connection.prepareStatement(TAKE_OVER)) {
      statement.setString(1, topicId);
      statement.setInt(2, partition);
      statement.setString(3, incarnation.toString());
      statement.setLong(4, first);
      try (var row = statement.executeQuery()) {
        row.next();
        var token = new Batch.FencingToken(row.getString(1), row.getLong(2));
        var ended = EndedNodeRows.read(connection, topicId, partition);
        return new Position(token, row.getLong(3), row.getString(4), ended);
      }
    }
  }

  private static void requireSameTopic(Connection connection, String topicId) throws SQLException {
    try (var statement = connection.prepareStatement(OTHER_TOPIC)) {
      statement.setString(1, topicId);
      try (var row = statement.executeQuery()) {
        if (row.next()) {
          throw new IllegalStateException(
              "The rollups count topic %s, so they cannot count topic %s"
                  .formatted(row.getString(1), topicId));
        }
      }
    }
  }

  private static boolean exists(Connection connection, String topicId, int partition)
      throws SQLException {
    try (var statement = connection.prepareStatement(EXISTS)) {
      statement.setString(1, topicId);
      statement.setInt(2, partition);
      try (var row = statement.executeQuery()) {
        row.next();
        return row.getBoolean(1);
      }
    }
  }

  /** Moves the positions and the ended nodes of all batches, or throws {@link BatchRefused}. */
  static void advance(Connection connection, String topicId, List<Batch> batches)
      throws SQLException {
    try (var statement = connection.prepareStatement(ADVANCE)) {
      for (var batch : batches) {
        statement.setLong(1, batch.to());
        var reached = batch.reached();
        statement.setTimestamp(2, Timestamp.from(reached.watermark()));
        statement.setArray(3, connection.createArrayOf("int8", reached.silent().toArray()));
        statement.setString(4, reached.state());
        statement.setString(5, topicId);
        statement.setInt(6, batch.partition());
        statement.setString(7, batch.token().incarnation());
        statement.setLong(8, batch.token().epoch());
        statement.setLong(9, batch.from());
        statement.addBatch();
      }
      var changed = statement.executeBatch();
      for (var i = 0; i < changed.length; i++) {
        if (changed[i] != 1) {
          throw new BatchRefused(
              "Partition %d was taken over by another process or has left offset %d"
                  .formatted(batches.get(i).partition(), batches.get(i).from()));
        }
      }
    }
    EndedNodeRows.change(connection, topicId, batches);
  }
}
