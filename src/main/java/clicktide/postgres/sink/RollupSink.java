package clicktide.postgres.sink;

import clicktide.count.Cube;
import clicktide.count.Dimension;
import clicktide.enrich.Moved;
import clicktide.enrich.Visit;
import clicktide.event.Handling;
import clicktide.event.LinkClick;
import clicktide.postgres.Database;
import clicktide.store.DeadLetters;
import clicktide.store.Sink;
import clicktide.store.Slice;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.postgresql.PGConnection;

/**
 * Appends base rows. One transaction holds the fences of all slices, the ids of collectors' events,
 * the rows and the dirty marks: all of it counts, or nothing does (C3, C4).
 */
public final class RollupSink implements Sink {
  private static final String COPY =
      "COPY click_row (minute, link, owner, human, bot, %s, visitors, received) FROM STDIN (FORMAT binary)"
          .formatted(
              Arrays.stream(Dimension.values())
                  .map(Dimension::column)
                  .collect(Collectors.joining(", ")));

  private final Database database;
  private final DeadLetters letters;
  private final Counter duplicates;
  private final Counter conflicts;
  private final Counter windowMisses;
  private final Dictionary dictionary = new Dictionary();
  private final Caps caps = new Caps();
  private final WrittenDays days = new WrittenDays();
  private Optional<Connection> open = Optional.empty();

  public RollupSink(Database database, DeadLetters letters, MeterRegistry metrics) {
    this.database = database;
    this.letters = letters;
    duplicates = metrics.counter("collected_duplicates");
    conflicts = metrics.counter("id_conflicts");
    windowMisses = metrics.counter("dedupe_window_miss");
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
          caps.recall(connection);
          return Fences.takeOver(connection, topicId, partition, beginning);
        });
  }

  @Override
  public void apply(String topicId, List<Slice> slices) {
    with(
        connection -> {
          var visits = all(slices, Slice.Content::visits);
          var repeats = all(slices, Slice.Content::repeats);
          var moved = all(slices, Slice.Content::moved);
          days.makeRoom(connection, visits, repeats, visits(moved));
          var rows = caps.admit(connection, Cube.of(visits, repeats, moved));
          var numbers =
              dictionary.numbers(
                  connection, rows.stream().map(row -> row.cell().values()).toList());
          connection.setAutoCommit(false);
          Fences.advance(connection, topicId, slices);
          var sorted = SeenIds.sort(connection, visits);
          var fresh = SeenIds.fresh(connection, moved);
          var conflicts = Conflicts.letters(topicId, slices, sorted.conflicts());
          if (!conflicts.isEmpty()) {
            letters.keep(conflicts); // once the fence has passed them, nobody looks at them again
          }
          Ledger.corrections(connection, sorted.counted());
          if (sorted.counted().size() < visits.size() || fresh.size() < moved.size()) {
            rows =
                caps.admit(connection, Cube.of(sorted.counted(), sorted.uncounted(repeats), fresh));
          }
          append(connection, rows, numbers);
          caps.keep(connection);
          write(connection, slices, sorted);
          WrittenDays.mark(connection, sorted.counted(), visits(fresh));
          ClickLimits.count(connection, rows); // last: nodes look for a change by its time
          connection.commit();
          connection.setAutoCommit(true);
          count(sorted);
          return true;
        });
  }

  private void count(SeenIds.Sorted sorted) {
    duplicates.increment(sorted.repeats().size());
    conflicts.increment(sorted.conflicts().size());
    sorted.counted().stream()
        .filter(SeenIds::isBeforeTheWindow)
        .forEach(_ -> windowMisses.increment());
  }

  private static <T> List<T> all(List<Slice> slices, Function<Slice.Content, List<T>> part) {
    return slices.stream().flatMap(slice -> part.apply(slice.content()).stream()).toList();
  }

  private static void write(Connection connection, List<Slice> slices, SeenIds.Sorted sorted)
      throws SQLException {
    Ledger.uncounted(connection, "duplicate", clicks(all(slices, Slice.Content::repeats)));
    Ledger.uncounted(connection, "duplicate", clicks(sorted.repeats()));
    Ledger.uncounted(connection, "rejected", clicks(sorted.conflicts()));
    for (var handling : Handling.values()) {
      if (!handling.isCounted()) {
        Ledger.uncounted(connection, Ledger.reason(handling), of(handling, sorted.filtered()));
      }
    }
    Ledger.uncounted(connection, "failed", all(slices, Slice.Content::rejected));
    Ledger.shed(connection, all(slices, Slice.Content::shed));
  }

  private static List<Visit> visits(List<Moved> moved) {
    return moved.stream().map(Moved::visit).toList();
  }

  private static List<LinkClick> of(Handling handling, List<Visit> visits) {
    return clicks(visits).stream().filter(click -> click.handling() == handling).toList();
  }

  private static List<LinkClick> clicks(List<Visit> visits) {
    return visits.stream().map(Visit::click).toList();
  }

  private static void append(
      Connection connection, Collection<Cube.Row> rows, Map<List<String>, int[]> numbers)
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

  private interface Work<T> {
    T on(Connection connection) throws SQLException;
  }

  /** Any failure gives the connection up: what it had begun is rolled back by the server. */
  private <T> T with(Work<T> work) {
    try {
      if (open.isEmpty()) {
        open = Optional.of(database.connectToWrite());
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
      caps.forget();
    }
  }
}
