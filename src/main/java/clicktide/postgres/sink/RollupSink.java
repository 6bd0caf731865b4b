package clicktide.postgres.sink;

import clicktide.count.BaseRows;
import clicktide.enrich.EnrichedClick;
import clicktide.event.LinkClick;
import clicktide.event.TrackingMode;
import clicktide.postgres.Database;
import clicktide.store.Batch;
import clicktide.store.Sink;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The rollup sink: appends base rows to PostgreSQL. One transaction holds the fences of all
 * batches, the ids of collectors' events, the rows, the ledger, the dead letters and the dirty
 * marks. Either all of it counts, or nothing does (C3, C4).
 */
public final class RollupSink implements Sink {
  private final Database database;
  private final Supplier<UUID> incarnations;
  private final Counter duplicates;
  private final Counter conflicts;
  private final Counter windowMisses;
  private Optional<WriteSession> open = Optional.empty();

  /** {@code incarnations} gives a new random id for each fence that is created. */
  public RollupSink(Database database, Supplier<UUID> incarnations, MeterRegistry metrics) {
    this.database = database;
    this.incarnations = incarnations;
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
        session -> {
          session.limiter().recall(session.connection());
          return Fences.takeOver(
              session.connection(), topicId, partition, incarnations.get(), beginning);
        });
  }

  /** The events of all batches with the decisions that are made outside the transaction. */
  private record Prepared(
      List<Batch> batches,
      SortedOutcomes outcomes,
      CardinalityLimiter.FoldedCells folded,
      Collection<BaseRows.Row> rows,
      BaseRowWriter.Numbers numbers) {}

  /** The events after deduplication by id, and the base rows to append for them. */
  private record Judged(EventDeduplicator.Sorted sorted, Collection<BaseRows.Row> rows) {}

  @Override
  public void apply(String topicId, List<Batch> batches) {
    with(
        session -> {
          var connection = session.connection();
          var prepared = prepare(session, batches);
          connection.setAutoCommit(false);
          Fences.advance(connection, topicId, batches);
          var judged = judge(connection, prepared);
          write(session, topicId, prepared, judged);
          connection.commit();
          connection.setAutoCommit(true);
          count(judged.sorted);
          return true;
        });
  }

  /**
   * Makes room for the rows and numbers for their values: statements that commit by themselves,
   * because they lock more than this batch. Each value is admitted or folded here, once. Lost links
   * are recorded here for the same reason.
   */
  private static Prepared prepare(WriteSession session, List<Batch> batches) throws SQLException {
    var connection = session.connection();
    var outcomes = SortedOutcomes.of(batches);
    var unbounded = BaseRows.of(outcomes.counted(), outcomes.duplicates(), outcomes.reclassified());
    session.days().makeRoom(connection, unbounded);
    session.lostLinks().add(connection, unbounded);
    var folded = session.limiter().admit(connection, unbounded);
    var rows = folded.fold(unbounded);
    var numbers = session.writer().numbers(connection, rows);
    return new Prepared(batches, outcomes, folded, rows, numbers);
  }

  /**
   * Decides by the ids that the store knows which events count. Usually all do, and the prepared
   * rows are the right ones. The cells of other rows are among the prepared ones, so each of their
   * values is admitted and has a number.
   */
  private static Judged judge(Connection connection, Prepared prepared) throws SQLException {
    var outcomes = prepared.outcomes;
    var sorted = EventDeduplicator.sort(connection, outcomes.counted());
    var fresh = EventDeduplicator.fresh(connection, outcomes.reclassified());
    if (fresh.size() == outcomes.reclassified().size()
        && sorted.counted().size() == outcomes.counted().size()) {
      return new Judged(sorted, prepared.rows);
    }
    var rows = BaseRows.of(sorted.counted(), sorted.uncounted(outcomes.duplicates()), fresh);
    return new Judged(sorted, prepared.folded.fold(rows));
  }

  /** Writes everything else, in an order in which concurrent writers hold marks only briefly. */
  private static void write(WriteSession session, String topicId, Prepared prepared, Judged judged)
      throws SQLException {
    var connection = session.connection();
    var sorted = judged.sorted;
    DeadLetterOutbox.insert(
        connection, Conflicts.letters(topicId, prepared.batches, sorted.conflicts()));
    LedgerWriter.corrections(connection, sorted.counted()); // reads the rows without these clicks
    BaseRowWriter.append(connection, judged.rows, prepared.numbers);
    session.limiter().keep(connection);
    writeLedger(connection, prepared, sorted);
    DirtyDays.mark(connection, judged.rows);
    ClickLimits.count(connection, judged.rows); // last: nodes find a changed link by its time
  }

  private static void writeLedger(
      Connection connection, Prepared prepared, EventDeduplicator.Sorted sorted)
      throws SQLException {
    LedgerWriter.uncounted(connection, "duplicate", raw(prepared.outcomes.duplicates()));
    LedgerWriter.uncounted(connection, "duplicate", raw(sorted.repeats()));
    LedgerWriter.uncounted(connection, "rejected", raw(sorted.conflicts()));
    for (var mode : TrackingMode.values()) {
      if (!mode.isCounted()) {
        LedgerWriter.uncounted(connection, LedgerWriter.reason(mode), of(mode, sorted.filtered()));
      }
    }
    LedgerWriter.uncounted(connection, "failed", prepared.outcomes.rejected());
    LedgerWriter.shed(connection, prepared.outcomes.shed());
  }

  private void count(EventDeduplicator.Sorted sorted) {
    duplicates.increment(sorted.repeats().size());
    conflicts.increment(sorted.conflicts().size());
    sorted.counted().stream()
        .filter(EventDeduplicator::isBeforeTheWindow)
        .forEach(_ -> windowMisses.increment());
  }

  private static List<LinkClick> of(TrackingMode mode, List<EnrichedClick> clicks) {
    return raw(clicks).stream().filter(click -> click.mode() == mode).toList();
  }

  private static List<LinkClick> raw(List<EnrichedClick> clicks) {
    return clicks.stream().map(EnrichedClick::click).toList();
  }

  private interface Work<T> {
    T on(WriteSession session) throws SQLException;
  }

  /** Does work on the connection. After a failure it is closed, so the server rolls back. */
  private <T> T with(Work<T> work) {
    try {
      if (open.isEmpty()) {
        open = Optional.of(WriteSession.on(database));
      }
      return work.on(open.get());
    } catch (SQLException e) {
      close();
      throw new IllegalStateException("The rollup store refused a batch", e);
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  @Override
  public void close() {
    open.ifPresent(WriteSession::close);
    open = Optional.empty();
  }
}
