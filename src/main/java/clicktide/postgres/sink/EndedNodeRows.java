package clicktide.postgres.sink;

import clicktide.store.Batch;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The rows of nodes that ended. They are written in the transaction that moves the fence, after it
 * has accepted the batch, and read after a take-over has refused the former owner.
 */
final class EndedNodeRows {
  private static final String READ =
      """
      SELECT node, state FROM ended_node
      WHERE sink = 'rollup' AND topic_id = ? AND partition = ?""";

  private static final String WRITE =
      """
      INSERT INTO ended_node (sink, topic_id, partition, node, state) VALUES ('rollup', ?, ?, ?, ?)
      ON CONFLICT (sink, topic_id, partition, node) DO UPDATE SET state = excluded.state""";

  private static final String DELETE =
      """
      DELETE FROM ended_node
      WHERE sink = 'rollup' AND topic_id = ? AND partition = ? AND node = ANY (?)""";

  private EndedNodeRows() {}

  static Map<Long, String> read(Connection connection, String topicId, int partition)
      throws SQLException {
    try (var statement = connection.prepareStatement(READ)) {
      statement.setString(1, topicId);
      statement.setInt(2, partition);
      var states = new HashMap<Long, String>();
      try (var row = statement.executeQuery()) {
        while (row.next()) {
          states.put(row.getLong(1), row.getString(2));
        }
      }
      return states;
    }
  }

  static void change(Connection connection, String topicId, List<Batch> batches)
      throws SQLException {
    for (var batch : batches) {
      var ended = batch.reached().ended();
      if (!ended.states().isEmpty()) {
        write(connection, topicId, batch.partition(), ended.states());
      }
      if (!ended.forgotten().isEmpty()) {
        delete(connection, topicId, batch);
      }
    }
  }

  private static void write(
      Connection connection, String topicId, int partition, Map<Long, String> states)
      throws SQLException {
    try (var statement = connection.prepareStatement(WRITE)) {
      for (var state : states.entrySet()) {
        statement.setString(1, topicId);
        statement.setInt(2, partition);
        statement.setLong(3, state.getKey());
        statement.setString(4, state.getValue());
        statement.addBatch();
      }
      statement.executeBatch();
    }
  }

  private static void delete(Connection connection, String topicId, Batch batch)
      throws SQLException {
    try (var statement = connection.prepareStatement(DELETE)) {
      statement.setString(1, topicId);
      statement.setInt(2, batch.partition());
      var nodes = batch.reached().ended().forgotten();
      statement.setArray(3, connection.createArrayOf("int8", nodes.toArray()));
      statement.executeUpdate();
    }
  }
}
