package clicktide.postgres.maintenance;

import clicktide.event.DeadLetter;
import clicktide.postgres.Database;
import clicktide.store.DeadLetters;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Ships the dead letters of the rollup sink to the dead-letter topic (G5, G10). A letter is deleted
 * only after the topic has acknowledged it, so a crash in between ships it again under the same
 * key. Any number of processes may try, an advisory lock lets one through. Calls block; not for
 * several threads.
 */
public final class DeadLetterShipper implements AutoCloseable {
  private static final int AT_ONCE = 100;

  private static final String LOCK =
      "SELECT pg_try_advisory_lock(hashtext('clicktide.dead_letters'))";

  private static final String UNLOCK =
      "SELECT pg_advisory_unlock(hashtext('clicktide.dead_letters'))";

  private static final String IS_EMPTY = "SELECT NOT EXISTS (SELECT FROM dead_letter_outbox)";

  private static final String READ =
      """
      SELECT topic_id, partition, log_offset, index_in_record, reason, bytes FROM dead_letter_outbox
      ORDER BY topic_id, partition, log_offset, index_in_record LIMIT ?""";

  private static final String DELETE =
      """
      DELETE FROM dead_letter_outbox
      WHERE topic_id = ? AND partition = ? AND log_offset = ? AND index_in_record = ?""";

  private final Database database;
  private final DeadLetters deadLetters;
  private Optional<Connection> open = Optional.empty();

  public DeadLetterShipper(Database database, DeadLetters deadLetters) {
    this.database = database;
    this.deadLetters = deadLetters;
  }

  /** Ships all letters and returns their number, 0 if another process is shipping them. */
  public int ship() throws SQLException {
    try {
      if (open.isEmpty()) {
        open = Optional.of(database.connect());
      }
      var connection = open.get();
      if (is(connection, IS_EMPTY) || !is(connection, LOCK)) {
        return 0;
      }
      var shipped = ship(connection);
      is(connection, UNLOCK);
      return shipped;
    } catch (SQLException | RuntimeException e) {
      close(); // frees the lock as well
      throw e;
    }
  }

  private int ship(Connection connection) throws SQLException {
    var shipped = 0;
    for (var letters = read(connection); !letters.isEmpty(); letters = read(connection)) {
      deadLetters.keep(letters);
      delete(connection, letters);
      shipped += letters.size();
    }
    return shipped;
  }

  private static List<DeadLetter> read(Connection connection) throws SQLException {
    var letters = new ArrayList<DeadLetter>();
    try (var statement = connection.prepareStatement(READ)) {
      statement.setInt(1, AT_ONCE);
      try (var row = statement.executeQuery()) {
        while (row.next()) {
          var place =
              new DeadLetter.LogPosition(
                  row.getString(1), row.getInt(2), row.getLong(3), row.getInt(4));
          var reason = DeadLetter.Reason.valueOf(row.getString(5));
          letters.add(new DeadLetter(reason, place, row.getBytes(6)));
        }
      }
    }
    return letters;
  }

  private static void delete(Connection connection, List<DeadLetter> letters) throws SQLException {
    try (var statement = connection.prepareStatement(DELETE)) {
      for (var letter : letters) {
        statement.setString(1, letter.position().topicId());
        statement.setInt(2, letter.position().partition());
        statement.setLong(3, letter.position().offset());
        statement.setInt(4, letter.position().index());
        statement.addBatch();
      }
      statement.executeBatch();
    }
  }

  private static boolean is(Connection connection, String question) throws SQLException {
    try (var statement = connection.createStatement();
        var row = statement.executeQuery(question)) {
      row.next();
      return row.getBoolean(1);
    }
  }

  @Override
  public void close() throws SQLException {
    var connection = open;
    open = Optional.empty();
    if (connection.isPresent()) {
      connection.get().close();
    }
  }
}
