package clicktide.postgres.sink;

import static org.assertj.core.api.Assertions.assertThat;

import clicktide.count.AllocatedBytes;
import clicktide.count.BaseRows;
import clicktide.count.CostGuard;
import clicktide.count.TestClicks;
import clicktide.count.ZipfClicks;
import clicktide.embedded.TestServers;
import clicktide.enrich.Dimension;
import clicktide.enrich.EnrichedClick;
import clicktide.enrich.Traffic;
import clicktide.postgres.MigratedDatabase;
import java.io.OutputStream;
import java.net.URI;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Guards on the memory, the rows and the statements of the rollup sink. */
@DisplayName("G18: the cost of an event in the rollup sink")
class RollupSinkCostTest {
  private static final int EVENTS = 5_000; // of a batch
  private static final int LINKS = 100;
  private static final List<String> COUNTRIES = List.of("DE", "FR", "US");
  private static final CostGuard ROW_BYTES = new CostGuard("bytes per event of base rows", 320);
  private static final CostGuard BYTES = new CostGuard("bytes per event of the rollup sink", 870);
  private static final CostGuard ROWS =
      new CostGuard("rows per thousand events", LINKS * COUNTRIES.size());
  private static final CostGuard STATEMENTS = new CostGuard("SQL statements per batch", 10);

  private final List<EnrichedClick> clicks = new ZipfClicks(20_000, RollupRig.NOW).enriched(EVENTS);

  private static RollupRig rig() throws SQLException {
    return new RollupRig(URI.create(MigratedDatabase.on(TestServers.endpoints().postgres())));
  }

  @Test
  @DisplayName("base rows and their binary form allocate a limited number of bytes per event")
  void bytesPerEventOfRows() throws Exception {
    var numbers = new int[Dimension.values().length];
    ROW_BYTES.check(
        AllocatedBytes.perEvent(
            EVENTS,
            () -> {
              var rows = BaseRows.of(clicks, List.of(), List.of());
              try (var binary = new BinaryRows(rows, _ -> numbers)) {
                binary.transferTo(OutputStream.nullOutputStream());
              }
            }));
  }

  @Test
  @DisplayName("applying a batch allocates a limited number of bytes per event, with the driver")
  void bytesPerEvent() throws Exception {
    try (var rig = rig()) {
      var batch = clicks.toArray(EnrichedClick[]::new);
      BYTES.check(AllocatedBytes.perEvent(EVENTS, () -> rig.count(batch)));
    }
  }

  /** Returns 1,000 clicks of one minute on 100 links with three combinations of values. */
  private static EnrichedClick[] thousand() {
    var thousand = new ArrayList<EnrichedClick>();
    for (var i = 0; i < 1_000; i++) {
      var country = COUNTRIES.get(i / LINKS % COUNTRIES.size());
      var click = TestClicks.click(1 + i % LINKS, RollupRig.NOW.plusMillis(i));
      thousand.add(TestClicks.visit(click, Traffic.HUMAN, country, "firefox", 1 + i));
    }
    return thousand.toArray(EnrichedClick[]::new);
  }

  @Test
  @DisplayName("a thousand events are at most as many rows as there are combinations of values")
  void rowsPerThousandEvents() throws Exception {
    try (var rig = rig()) {
      rig.count(thousand());
      assertThat(rig.ask("SELECT sum(human) FROM click_row")).containsExactly("1000");
      ROWS.check(Double.parseDouble(rig.ask("SELECT count(*) FROM click_row").getFirst()));
    }
  }

  @Test
  @DisplayName("the number of statements of a batch does not grow with its links")
  void statementsPerBatch() throws Exception {
    try (var rig = rig()) {
      rig.count(thousand()); // the first batch makes room and gives numbers to values
      var statements = new Statements();
      try {
        rig.count(thousand());
      } finally {
        statements.close();
      }
      STATEMENTS.check(statements.sent.get());
    }
  }

  /** A counter of the statements that the driver sends, read from its trace of the protocol. */
  private static final class Statements extends Handler {
    private static final List<String> SENT =
        List.of(" FE=> Execute", " FE=> SimpleQuery", " FE=> Query");

    private final Logger trace = Logger.getLogger("org.postgresql.core.v3.QueryExecutorImpl");
    private final AtomicInteger sent = new AtomicInteger();

    private Statements() {
      trace.setLevel(Level.FINEST);
      trace.addHandler(this);
    }

    @Override
    public void publish(LogRecord line) {
      if (SENT.stream().anyMatch(line.getMessage()::startsWith)) {
        sent.incrementAndGet();
      }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
      trace.removeHandler(this);
      trace.setLevel(null);
    }
  }
}
