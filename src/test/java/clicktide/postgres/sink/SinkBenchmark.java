package clicktide.postgres.sink;

import clicktide.buffer.Journal;
import clicktide.count.BaseRows;
import clicktide.count.HumanBotCount;
import clicktide.count.LiveTally;
import clicktide.count.ZipfClicks;
import clicktide.enrich.Dimension;
import clicktide.enrich.EnrichedClick;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Times per click of the sums of both sinks, of COPY rows and of the journal (G18). */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(SinkBenchmark.EVENTS)
public class SinkBenchmark {
  static final int EVENTS = 5_000; // of a batch
  private static final Instant AT = RollupRig.NOW;

  private final List<EnrichedClick> clicks = new ZipfClicks(20_000, AT).enriched(EVENTS);
  private final Collection<BaseRows.Row> rows = BaseRows.of(clicks, List.of(), List.of());
  private final int[] numbers = new int[Dimension.values().length];

  /** A journal with room for one batch. Its bytes per click have those of emptying it. */
  @State(Scope.Thread)
  public static class EmptyJournal {
    private static final long BYTES = 8 << 20;
    private Path path;
    private Journal journal;

    @Setup
    public void create() throws IOException {
      path = Files.createTempDirectory("clicktide-benchmark").resolve("0.journal");
      journal = Journal.create(path, new Journal.Lane(1, 1, 0), BYTES, new Random(1));
    }

    @Setup(Level.Invocation)
    public void empty() {
      journal.acknowledge(journal.read(EVENTS).size());
    }

    @TearDown
    public void delete() throws IOException {
      empty();
      journal.close();
      Files.delete(path.getParent());
    }
  }

  @Benchmark
  public Map<LiveTally.LinkMinute, HumanBotCount> liveTally() {
    return LiveTally.of(clicks, List.of());
  }

  @Benchmark
  public Collection<BaseRows.Row> baseRows() {
    return BaseRows.of(clicks, List.of(), List.of());
  }

  @Benchmark
  public long copyRows() throws IOException {
    try (var binary = new BinaryRows(rows, _ -> numbers)) {
      return binary.transferTo(OutputStream.nullOutputStream());
    }
  }

  @Benchmark
  public void journalAppend(EmptyJournal ring) {
    for (var click : clicks) {
      if (!ring.journal.append(_ -> click.click())) {
        throw new IllegalStateException("the journal is full");
      }
    }
  }
}
