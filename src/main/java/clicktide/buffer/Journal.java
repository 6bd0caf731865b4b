package clicktide.buffer;

import clicktide.event.LinkClick;
import clicktide.event.OwnerId;
import clicktide.wire.EncodedClick;
import clicktide.wire.LinkClickCodec;
import clicktide.wire.ProtobufWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where an event loop leaves its clicks before it answers (A2, G2): a ring in shared memory that
 * outlives the process. One thread appends, one thread reads and acknowledges; neither waits for
 * the other, and appending makes no system call. See {@link JournalFile} for what is where.
 *
 * <p>A record is one word, CRC-32C and length, and then the time and the bytes of the click. The
 * word is written last, so there is a whole record or none; the word behind it is cleared before,
 * so nothing that stood there in an earlier round is taken for one.
 */
public final class Journal implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Journal.class);
  private static final int USUAL_SIZE = 1_024;

  private final JournalFile file;
  private final ShedCounts shedCounts;
  private final ProtobufWriter writer = new ProtobufWriter(USUAL_SIZE);
  private long writeAt; // these three are the writer's
  private long sequence;
  private boolean broken;
  private final AtomicLong acknowledged = new AtomicLong(); // clicks
  private long readAt; // the reader's

  private Journal(JournalFile file) {
    this.file = file;
    shedCounts = new ShedCounts(file);
  }

  /** Which event loop of which start of which node. */
  public record Lane(long node, int boot, int number) {}

  /** Makes the click of a sequence number that the journal gives out, without holes from 0. */
  public interface Draft {
    LinkClick numbered(long sequence);
  }

  /**
   * A new journal of {@code bytes} for clicks. All of it is written once, so that no page can be
   * missing later; throws if there is no room.
   */
  public static Journal create(Path path, Lane lane, long bytes) throws IOException {
    return new Journal(JournalFile.create(path, lane, bytes));
  }

  /** Whose clicks it keeps. */
  public Lane lane() {
    return file.lane();
  }

  /** Keeps the click, or says false when there is no room: then the click is shed. Never waits. */
  public boolean append(Draft draft) {
    if (broken) {
      return false;
    }
    try {
      writer.clear();
      var click = draft.numbered(sequence);
      LinkClickCodec.write(click, writer);
      var next = file.append(writeAt, click.at().toEpochMilli(), writer);
      if (next < 0) {
        return false;
      }
      writeAt = next;
      sequence++;
      return true;
    } catch (
        Throwable failure) { // memory that is gone is an Error, and the visitor has to be answered
      broken = true;
      log.error("A journal cannot be written any more; its clicks are shed", failure);
      return false;
    }
  }

  /** Counts a click that was answered and not kept. Of the thread that appends. */
  public void shed(long link, OwnerId owner, Instant at) {
    try {
      shedCounts.add(link, owner, at);
    } catch (Throwable failure) { // as above: the visitor has to be answered
      log.error("A shed click cannot be counted", failure);
    }
  }

  /** What was shed. */
  public ShedCounts shedCounts() {
    return shedCounts;
  }

  /** The oldest clicks not yet acknowledged, at most {@code max}; the same until acknowledged. */
  public List<EncodedClick> read(int max) {
    var clicks = new ArrayList<EncodedClick>();
    var at = file.acknowledged();
    for (var record = file.read(at);
        record.isPresent() && clicks.size() < max;
        record = file.read(at)) {
      clicks.add(record.get().click());
      at = record.get().next();
    }
    readAt = at;
    return clicks;
  }

  /** Lets go of what the newest {@link #read} gave: somebody else keeps it durably. */
  public void acknowledge(int clicks) {
    file.acknowledge(readAt);
    acknowledged.addAndGet(clicks);
  }

  /** How many clicks were acknowledged: all sequence numbers below. For any thread. */
  public long acknowledged() {
    return acknowledged.get();
  }

  /** The time of the oldest click not yet acknowledged. For any thread. */
  public Optional<Instant> oldest() {
    return file.oldest();
  }

  /** How full it is, from 0 to 1. For any thread. */
  public double fill() {
    return file.fill();
  }

  /** What was not acknowledged stays for the next start; a journal with nothing in it goes. */
  @Override
  public void close() throws IOException {
    if (file.oldest().isEmpty() && shedCounts.unreported().isEmpty()) {
      file.delete();
    }
    file.close();
  }
}
