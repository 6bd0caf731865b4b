package clicktide.postgres.sink;

import clicktide.count.BaseRows;
import clicktide.count.Dimension;
import clicktide.enrich.EnrichedClick;
import clicktide.enrich.Reclassification;
import clicktide.event.LinkClick;
import clicktide.event.TrackingMode;
import clicktide.postgres.Database;
import clicktide.store.Batch;
import clicktide.store.DeadLetters;
import clicktide.store.Sink;
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
 * Appends base rows. One transaction holds the fences of all batches, the ids of collectors'
 * events, the rows and the dirty marks: all of it counts, or nothing does (C3, C4).
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
  private final CardinalityLimiter caps = new CardinalityLimiter();
  private final DirtyDays days = new DirtyDays();
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
  public void apply(String topicId, List<Batch> batches) {
    with(
        connection -> {
          var visits = all(batches, Batch.Content::visits);
          var repeats = all(batches, Batch.Content::repeats);
          var moved = all(batches, Batch.Content::moved);
          days.makeRoom(connection, visits, repeats, visits(moved));
          var rows = caps.admit(connection, BaseRows.of(visits, repeats, moved));
          var numbers =
              dictionary.numbers(
                  connection, rows.stream().map(row -> row.cell().values()).toList());
          connection.setAutoCommit(false);
          Fences.advance(connection, topicId, batches);
          var sorted = EventDeduplicator.sort(connection, visits);
          var fresh = EventDeduplicator.fresh(connection, moved);
          var conflicts = Conflicts.letters(topicId, batches, sorted.conflicts());
          if (!conflicts.isEmpty()) {
            letters.keep(conflicts); // once the fence has passed them, nobody looks at them again
          }
          LedgerWriter.corrections(connection, sorted.counted());
          if (sorted.counted().size() < visits.size() || fresh.size() < moved.size()) {
            rows =
                caps.admit(
                    connection, BaseRows.of(sorted.counted(), sorted.uncounted(repeats), fresh));
          }
          append(connection, rows, numbers);
          caps.keep(connection);
          write(connection, batches, sorted);
          DirtyDays.mark(connection, sorted.counted(), visits(fresh));
          ClickLimits.count(connection, rows); // last: nodes look for a change by its time
          connection.commit();
          connection.setAutoCommit(true);
          count(sorted);
          return true;
        });
  }

  private void count(EventDeduplicator.Sorted sorted) {
    duplicates.increment(sorted.repeats().size());
    conflicts.increment(sorted.conflicts().size());
    sorted.counted().stream()
        .filter(EventDeduplicator::isBeforeTheWindow)
        .forEach(_ -> windowMisses.increment());
  }

  private static <T> List<T> all(List<Batch> batches, Function<Batch.Content, List<T>> part) {
    return batches.stream().flatMap(batch -> part.apply(batch.content()).stream()).toList();
  }

  private static void write(
      Connection connection, List<Batch> batches, EventDeduplicator.Sorted sorted)
      throws SQLException {
    LedgerWriter.uncounted(connection, "duplicate", clicks(all(batches, Batch.Content::repeats)));
    LedgerWriter.uncounted(connection, "duplicate", clicks(sorted.repeats()));
    LedgerWriter.uncounted(connection, "rejected", clicks(sorted.conflicts()));
    for (var handling : TrackingMode.values()) {
      if (!handling.isCounted()) {
        LedgerWriter.uncounted(
            connection, LedgerWriter.reason(handling), of(handling, sorted.filtered()));
      }
    }
    LedgerWriter.uncounted(connection, "failed", all(batches, Batch.Content::rejected));
    LedgerWriter.shed(connection, all(batches, Batch.Content::shed));
  }

  private static List<EnrichedClick> visits(List<Reclassification> moved) {
    return moved.stream().map(Reclassification::visit).toList();
  }

  private static List<LinkClick> of(TrackingMode handling, List<EnrichedClick> visits) {
    return clicks(visits).stream().filter(click -> click.handling() == handling).toList();
  }

  private static List<LinkClick> clicks(List<EnrichedClick> visits) {
    return visits.stream().map(EnrichedClick::click).toList();
  }

  private static void append(
      Connection connection, Collection<BaseRows.Row> rows, Map<List<String>, int[]> numbers)
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
