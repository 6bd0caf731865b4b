package clicktide.buffer;

import clicktide.event.Heartbeat;
import clicktide.wire.EncodedClick;
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
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everything that this node has answered and the log does not have yet: a journal for each event
 * loop, and the spool. What an earlier process left in its journals is brought to the spool before
 * the first new click. For any thread.
 */
public final class Outbox implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Outbox.class);
  private static final String SUFFIX = ".journal";
  private static final int BATCH = 4_096;

  private final Places places;
  private final long node;
  private final int boot;
  private final Spool spool;
  private final List<Journal> journals = new ArrayList<>();
  private final List<Leftover> leftovers = new ArrayList<>();
  private boolean isOnDisk;
  private volatile List<Long> acknowledged = List.of();
  private volatile boolean leaving;

  /** Which start of which node. */
  public record Boot(long node, int number) {}

  /**
   * {@code memory} should be of a file system in memory, and belong to this node alone; where it
   * has no room, {@code disk} is used instead, which survives as much but may make answers wait.
   */
  public record Places(Path memory, Path disk) {}

  private record Leftover(JournalFile file, ShedCounts shedCounts) {}

  private Outbox(Places places, Boot boot, Spool spool) {
    this.places = places;
    this.node = boot.node();
    this.boot = boot.number();
    this.spool = spool;
  }

  /** {@code bytes} are those of all journals together. */
  public static Outbox open(Places places, Spool spool, Boot boot, int lanes, long bytes)
      throws IOException {
    var outbox = new Outbox(places, boot, spool);
    for (var folder : List.of(places.memory, places.disk)) {
      outbox.recover(folder);
    }
    try {
      outbox.create(places.memory, lanes, bytes);
    } catch (IOException e) {
      log.warn("Journals have no room in {}: a slow disk may delay answers", places.memory, e);
      for (var journal : outbox.journals) { // some had room
        journal.close();
      }
      outbox.journals.clear();
      outbox.create(places.disk, lanes, bytes);
      outbox.isOnDisk = true;
    }
    return outbox;
  }

  private void recover(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
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

  /** A crash in the middle does it again: the spool may then hold some clicks twice. */
  private void recover(JournalFile file) throws IOException {
    var oldest = file.oldest().orElse(Instant.EPOCH);
    var clicks = new ArrayList<EncodedClick>();
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

  private void create(Path folder, int lanes, long bytes) throws IOException {
    Files.createDirectories(folder);
    for (var lane = 0; lane < lanes; lane++) {
      var path = folder.resolve("%d-%d%s".formatted(boot, lane, SUFFIX));
      journals.add(Journal.create(path, new Journal.Lane(node, boot, lane), bytes / lanes));
    }
    acknowledged = Collections.nCopies(lanes, 0L);
  }

  /** One for each event loop. */
  public List<Journal> journals() {
    return List.copyOf(journals);
  }

  public Spool spool() {
    return spool;
  }

  /** What was shed, here and by the process before. */
  public List<ShedCounts> shedCounts() {
    return Stream.concat(
            journals.stream().map(Journal::shedCounts),
            leftovers.stream().map(Leftover::shedCounts))
        .toList();
  }

  /** Whether a slow disk may delay answers. */
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
        node,
        boot,
        spooled.isEmpty() ? boot : 0,
        oldest.filter(now::isAfter).orElse(now),
        acknowledged,
        leaving && spooled.isEmpty());
  }

  /** No click will come any more: the next report says so, if none is left. */
  public void leave() {
    leaving = journals.stream().allMatch(journal -> journal.oldest().isEmpty());
  }

  /** Shows how full everything is. */
  public void register(MeterRegistry metrics) {
    for (var lane = 0; lane < journals.size(); lane++) {
      Gauge.builder("journal_fill", journals.get(lane), Journal::fill)
          .description("Share of an event loop's journal that the log does not have yet, 0 to 1")
          .tag("lane", Integer.toString(lane))
          .register(metrics);
    }
    metrics.gauge("spool_bytes", spool, Spool::bytes);
    metrics.gauge("spool_clicks", spool, Spool::clicks);
    metrics.gauge("spool_unreadable_clicks", spool, Spool::unreadable);
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
    deleteIfEmpty(places.memory);
    deleteIfEmpty(places.disk);
  }

  private static void deleteIfEmpty(Path folder) throws IOException {
    try {
      Files.deleteIfExists(folder);
    } catch (DirectoryNotEmptyException _) {
      // something in it waits for the next start
    }
  }
}
