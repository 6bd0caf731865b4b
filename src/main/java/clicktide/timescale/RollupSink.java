package clicktide.timescale;

import clicktide.count.Cube;
import clicktide.count.Visit;
import clicktide.event.Identity;
import clicktide.store.Sink;
import clicktide.store.Slice;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.LongSupplier;
import org.postgresql.PGConnection;

/**
 * Appends base rows. One transaction holds the fences of all slices, the ids of collectors' events,
 * the rows and the dirty marks: all of it counts, or nothing does (C3, C4).
 */
public final class RollupSink implements Sink {
  private static final String TAKE_OVER =
      """
      INSERT INTO fence (sink, topic_id, partition, incarnation, epoch, next, through)
      VALUES ('rollup', ?, ?, ?, 1, ?, '1970-01-01T00:00:00Z')
      ON CONFLICT (sink, topic_id, partition) DO UPDATE SET epoch = fence.epoch + 1
      RETURNING incarnation, epoch, next""";

  private static final String OTHER_TOPIC =
      "SELECT topic_id FROM fence WHERE sink = 'rollup' AND topic_id <> ? LIMIT 1";

  private static final String EXISTS =
      "SELECT EXISTS (SELECT FROM fence WHERE sink = 'rollup' AND topic_id = ? AND partition = ?)";

  private static final String ADVANCE =
      """
      UPDATE fence SET next = ?, through = greatest(through, ?)
      WHERE sink = 'rollup' AND topic_id = ? AND partition = ?
        AND incarnation = ? AND epoch = ? AND next = ?""";

  private static final String REMEMBER =
      """
      INSERT INTO seen_id (received_on, owner, id_high, id_low)
      SELECT * FROM unnest(?::date[], ?::bigint[], ?::bigint[], ?::bigint[]) ORDER BY 2, 3, 4
      ON CONFLICT DO NOTHING
      RETURNING owner, id_high, id_low""";

  private static final String MARK =
      """
      INSERT INTO dirty_day (day) VALUES (?)
      ON CONFLICT (day) DO UPDATE SET version = dirty_day.version + 1""";

  private static final String COPY =
      """
      COPY click_row (minute, link, owner, human, bot, country, region, device, browser, os, referrer,
        source, medium, campaign, via, traffic, visitors) FROM STDIN (FORMAT binary)""";

  private final Database database;
  private final Dictionary dictionary = new Dictionary();
  private final Set<Instant> prepared = new HashSet<>();
  private Optional<Connection> open = Optional.empty();

  public RollupSink(Database database) {
    this.database = database;
  }

  @Override
  public String name() {
    return "rollup";
  }

  @Override
  public Optional<Duration> memory() {
    return Optional.empty();
  }

  @Override
  public Position takeOver(String topicId, int partition, LongSupplier beginning) {
    return with(
        connection -> {
          requireSameTopic(connection, topicId);
          var first = exists(connection, topicId, partition) ? 0 : beginning.getAsLong();
          try (var statement = connection.prepareStatement(TAKE_OVER)) {
            statement.setString(1, topicId);
            statement.setInt(2, partition);
            statement.setString(3, UUID.randomUUID().toString());
            statement.setLong(4, first);
            try (var row = statement.executeQuery()) {
              row.next();
              return new Position(
                  new Slice.Tenure(row.getString(1), row.getLong(2)), row.getLong(3));
            }
          }
        });
  }

  private static void requireSameTopic(Connection connection, String topicId) throws SQLException {
    try (var statement = connection.prepareStatement(OTHER_TOPIC)) {
      statement.setString(1, topicId);
      try (var row = statement.executeQuery()) {
        if (row.next()) {
          throw new IllegalStateException(
              "The rollups count topic %s, not %s: they were made for another log"
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

  @Override
  public void apply(String topicId, List<Slice> slices) {
    with(
        connection -> {
          var visits = slices.stream().flatMap(slice -> slice.visits().stream()).toList();
          makeRoom(connection, visits);
          var rows = Cube.of(visits);
          var numbers =
              dictionary.numbers(
                  connection, rows.stream().map(row -> row.cell().values()).toList());
          connection.setAutoCommit(false);
          advance(connection, topicId, slices);
          var kept = withoutRepeats(connection, visits);
          append(connection, kept.size() == visits.size() ? rows : Cube.of(kept), numbers);
          mark(connection, kept);
          connection.commit();
          connection.setAutoCommit(true);
          return true;
        });
  }

  /** Before the transaction, since making a partition of the table locks it. */
  private void makeRoom(Connection connection, List<Visit> visits) throws SQLException {
    for (var day : days(visits)) {
      if (!prepared.contains(day)) {
        try (var call = connection.prepareStatement("CALL make_room(?)")) {
          call.setTimestamp(1, Timestamp.from(day));
          call.execute();
        }
        prepared.add(day);
      }
    }
  }

  private static void advance(Connection connection, String topicId, List<Slice> slices)
      throws SQLException {
    try (var statement = connection.prepareStatement(ADVANCE)) {
      for (var slice : slices) {
        statement.setLong(1, slice.to());
        statement.setTimestamp(2, Timestamp.from(slice.through()));
        statement.setString(3, topicId);
        statement.setInt(4, slice.partition());
        statement.setString(5, slice.tenure().incarnation());
        statement.setLong(6, slice.tenure().epoch());
        statement.setLong(7, slice.from());
        statement.addBatch();
      }
      var changed = statement.executeBatch();
      for (var i = 0; i < changed.length; i++) {
        if (changed[i] != 1) {
          throw new Refused(
              "partition %d is not ours at %d any more"
                  .formatted(slices.get(i).partition(), slices.get(i).from()));
        }
      }
    }
  }

  /** Own clicks arrive once; of collectors' events those are kept whose id is new. */
  private static List<Visit> withoutRepeats(Connection connection, List<Visit> visits)
      throws SQLException {
    var collected =
        visits.stream()
            .filter(visit -> visit.click().identity() instanceof Identity.Collected)
            .toList();
    if (collected.isEmpty()) {
      return visits;
    }
    var fresh = remember(connection, collected);
    return visits.stream()
        .filter(
            visit ->
                switch (visit.click().identity()) {
                  case Identity.Own _ -> true;
                  case Identity.Collected id -> fresh.remove(id);
                })
        .toList();
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
              new Identity.Collected(
                  new clicktide.event.OwnerId(row.getLong(1)), row.getLong(2), row.getLong(3)));
        }
      }
      return fresh;
    }
  }

  private static void append(
      Connection connection, Collection<Cube.Row> rows, java.util.Map<List<String>, int[]> numbers)
      throws SQLException {
    if (rows.isEmpty()) {
      return;
    }
    try {
      var bytes = new BinaryRows();
      for (var row : rows) {
        bytes.add(row, numbers.get(row.cell().values()));
      }
      connection.unwrap(PGConnection.class).getCopyAPI().copyIn(COPY, bytes.finish());
    } catch (IOException e) {
      throw new SQLException("COPY was cut", e);
    }
  }

  /** Last, so that writers who mark the same day wait for each other as short as can be. */
  private static void mark(Connection connection, List<Visit> visits) throws SQLException {
    try (var statement = connection.prepareStatement(MARK)) {
      for (var day : days(visits)) {
        statement.setTimestamp(1, Timestamp.from(day));
        statement.addBatch();
      }
      statement.executeBatch();
    }
  }

  private static Set<Instant> days(List<Visit> visits) {
    var days = new TreeSet<Instant>(); // in one order everywhere, so that writers cannot deadlock
    visits.forEach(visit -> days.add(visit.click().at().truncatedTo(ChronoUnit.DAYS)));
    return days;
  }

  private interface Work<T> {
    T on(Connection connection) throws SQLException;
  }

  /** Any failure gives the connection up: what it had begun is rolled back by the server. */
  private <T> T with(Work<T> work) {
    try {
      if (open.isEmpty()) {
        open = Optional.of(database.connect());
      }
      return work.on(open.get());
    } catch (SQLException e) {
      close();
      throw new IllegalStateException("The rollup store does not take it", e);
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  @Override
  public void close() {
    try {
      if (open.isPresent()) {
        open.get().close();
      }
    } catch (SQLException _) {
      // it is gone, which is what we want
    } finally {
      open = Optional.empty();
    }
  }
}
