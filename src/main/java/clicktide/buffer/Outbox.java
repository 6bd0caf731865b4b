package clicktide.buffer;

import clicktide.event.Heartbeat;
import clicktide.wire.EncodedEvent;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The clicks that this node has answered and the log does not have yet: a journal for each event
 * loop, and the spool. Clicks in the journals of an earlier process move to the spool before the
 * first new click. For any thread.
 */
public final class Outbox implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Outbox.class);
  private static final String SUFFIX = ".journal";
  private static final int BATCH = 4_096;

  private final Folders folders;
  private final NodeStart start;
  private final Spool spool;
  private final List<Journal> journals = new ArrayList<>();
  private final List<Leftover> leftovers = new ArrayList<>();
  private boolean isOnDisk;
  private volatile List<Long> acknowledged = List.of();
  private volatile boolean leaving;

  /**
   * The folders of the journals, both of this node alone. {@code memory} should be a file system in
   * memory. If it has no room, {@code disk} takes the journals, which may delay answers.
   */
  public record Folders(Path memory, Path disk) {}

  private record Leftover(JournalFile file, ShedCounts shedCounts) {}

  private Outbox(Folders folders, NodeStart start, Spool spool) {
    this.folders = folders;
    this.start = start;
    this.spool = spool;
  }

  /** Opens all journals; {@code bytes} is the size of all together, {@code random} is secure. */
  public static Outbox open(
      Folders folders, Spool spool, NodeStart start, int lanes, long bytes, RandomGenerator random)
      throws IOException {
    var outbox = new Outbox(folders, start, spool);
    for (var folder : List.of(folders.memory, folders.disk)) {
      outbox.recover(folder);
    }
    try {
      outbox.create(folders.memory, lanes, bytes, random);
    } catch (IOException e) {
      log.warn("Journals have no room in {}: a slow disk may delay answers", folders.memory, e);
      for (var journal : outbox.journals) { // that had room
        journal.close();
      }
      outbox.journals.clear();
      outbox.create(folders.disk, lanes, bytes, random);
      outbox.isOnDisk = true;
    }
    return outbox;
  }

  private void recover(Path folder) throws IOException {
    if (!PrivateFolder.exists(folder)) {
      return;
    }
    try (var files = Files.list(folder)) {
      for (var path : files.filter(file -> file.toString().endsWith(SUFFIX)).toList()) {
        var file = JournalFile.open(path);
        if (file.isPresent()) {
          recover(file.get());
        } else {
          Files.delete(path);
        }
      }
    }
  }

  /** After a crash in the middle it runs again, and the spool may hold some clicks twice. */
  private void recover(JournalFile file) throws IOException {
    var oldest = file.oldest().orElse(Instant.EPOCH);
    var clicks = new ArrayList<EncodedEvent>();
    var at = file.acknowledged();
    for (var found = file.read(at); found.isPresent(); found = file.read(at)) {
      clicks.add(found.get().click());
      at = found.get().next();
      if (clicks.size() == BATCH) {
        spool.appendUnbounded(clicks, oldest);
        clicks.clear();
      }
    }
    if (!clicks.isEmpty()) {
      spool.appendUnbounded(clicks, oldest);
    }
    file.acknowledge(at);
    var shed = new ShedCounts(file);
    if (shed.unreported().isEmpty()) {
      file.delete();
      file.close();
    } else {
      leftovers.add(new Leftover(file, shed));
    }
  }

  private void create(Path folder, int lanes, long bytes, RandomGenerator random)
      throws IOException {
    PrivateFolder.create(folder);
    for (var lane = 0; lane < lanes; lane++) {
      var path = folder.resolve("%016x-%d%s".formatted(start.node(), lane, SUFFIX));
      journals.add(
          Journal.create(
              path, new Journal.Lane(start.node(), start.boot(), lane), bytes / lanes, random));
    }
    acknowledged = Collections.nCopies(lanes, 0L);
  }

  /** Returns one journal for each event loop. */
  public List<Journal> journals() {
    return List.copyOf(journals);
  }

  public Spool spool() {
    return spool;
  }

  /** Returns the counts of shed clicks, of this process and of the one before. */
  public List<ShedCounts> shedCounts() {
    return Stream.concat(
            journals.stream().map(Journal::shedCounts),
            leftovers.stream().map(Leftover::shedCounts))
        .toList();
  }

  /** Returns true if the journals are on disk, so that a slow disk may delay answers. */
  public boolean isOnDisk() {
    return isOnDisk;
  }

  /** Returns the heartbeat for a record that is sent now. Never waits. */
  public Heartbeat report(Instant now) {
    // The journals are read before the spool: a click moves from there into it and is in at least
    // one of them. If the spool is empty after that, the log has what has left the journals.
    var lanes = journals.stream().map(Journal::acknowledged).toList();
    var inJournals = journals.stream().flatMap(journal -> journal.oldest().stream()).toList();
    var spooled = spool.state();
    if (spooled.isEmpty()) {
      acknowledged = lanes;
    }
    var oldest =
        Stream.concat(inJournals.stream(), spooled.oldest().stream()).min(Instant::compareTo);
    return new Heartbeat(
        start.node(),
        start.boot(),
        spooled.isEmpty() ? start.boot() : 0,
        oldest.filter(now::isAfter).orElse(now),
        acknowledged,
        start.previous(),
        leaving && spooled.isEmpty());
  }

  /** Announces that no click will come any more. The next heartbeat says so if none is left. */
  public void leave() {
    leaving = journals.stream().allMatch(journal -> journal.oldest().isEmpty());
  }

  /** Registers the gauges of journals and spool. */
  public void register(MeterRegistry metrics) {
    for (var lane = 0; lane < journals.size(); lane++) {
      Gauge.builder("journal_fill", journals.get(lane), Journal::fill)
          .description("Share of an event loop's journal that the log does not have yet, 0 to 1")
          .tag("lane", Integer.toString(lane))
          .strongReference(true)
          .register(metrics);
    }
    SpoolMetrics.register(spool, metrics);
  }

  @Override
  public void close() throws IOException {
    for (var journal : journals) {
      journal.close();
    }
    for (var leftover : leftovers) {
      if (leftover.shedCounts.unreported().isEmpty()) {
        leftover.file.delete();
      }
      leftover.file.close();
    }
    spool.close();
    deleteIfEmpty(folders.memory);
    deleteIfEmpty(folders.disk);
  }

  private static void deleteIfEmpty(Path folder) throws IOException {
    try {
      Files.deleteIfExists(folder);
    } catch (DirectoryNotEmptyException _) {
      // a journal waits for the next start
    }
  }
}
