package clicktide.buffer;

import clicktide.event.LinkClick;
import clicktide.event.OwnerId;
import clicktide.wire.EncodedEvent;
import clicktide.wire.LinkClickCodec;
import clicktide.wire.ProtobufWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The journal of an event loop: a ring in shared memory that outlives the process. A redirect
 * appends its click here before it answers (A2, G2). One thread appends, one thread reads and
 * acknowledges. Neither waits for the other, and appending makes no system call. {@link
 * JournalFile} describes the layout.
 *
 * <p>A record is one word with CRC-32C and length, the time, and the bytes of the click. The word
 * is written last, so a record is whole or absent. The word after the record is cleared first, so
 * the rest of an earlier round is never read.
 */
public final class Journal implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Journal.class);
  private static final int TYPICAL_BYTES = 1_024;

  private final JournalFile file;
  private final ShedCounts shedCounts;
  private final ProtobufWriter writer = new ProtobufWriter(TYPICAL_BYTES);
  private long writeAt; // these three are the writer's
  private long sequence;
  private boolean broken;
  private final AtomicLong acknowledged = new AtomicLong(); // clicks
  private long readAt; // the reader's

  private Journal(JournalFile file) {
    this.file = file;
    shedCounts = new ShedCounts(file);
  }

  /** An event loop of one boot of a node. */
  public record Lane(long node, int boot, int number) {}

  /** Makes the click for a sequence number. The journal counts them from 0 without gaps. */
  public interface ClickDraft {
    LinkClick numbered(long sequence);
  }

  /**
   * Creates a journal with {@code bytes} for clicks. The whole file is written once, so no page can
   * be missing later. Throws if there is no room. {@code random} must be secure.
   */
  public static Journal create(Path path, Lane lane, long bytes, RandomGenerator random)
      throws IOException {
    return new Journal(JournalFile.create(path, lane, bytes, random.nextLong()));
  }

  /** Returns the event loop whose clicks it keeps. */
  public Lane lane() {
    return file.lane();
  }

  /** Keeps a click. Returns false if there is no room; the caller sheds it. Never waits. */
  public boolean append(ClickDraft draft) {
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
    } catch (Throwable failure) { // lost memory is an Error, and the visitor must get an answer
      broken = true;
      log.error("A journal cannot be written any more. Its clicks are shed", failure);
      return false;
    }
  }

  /** Counts a click that was answered and not kept. Only for the thread that appends. */
  public void shed(long link, OwnerId owner, Instant at) {
    try {
      shedCounts.add(link, owner, at);
    } catch (Throwable failure) { // as above
      log.error("A shed click cannot be counted", failure);
    }
  }

  /** Returns the counts of shed clicks. */
  public ShedCounts shedCounts() {
    return shedCounts;
  }

  /** Returns the oldest clicks, at most {@code max}. They stay the same until acknowledged. */
  public List<EncodedEvent> read(int max) {
    var clicks = new ArrayList<EncodedEvent>();
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

  /** Removes the clicks of the newest {@link #read}: the log or the spool has them durably. */
  public void acknowledge(int clicks) {
    file.acknowledge(readAt);
    acknowledged.addAndGet(clicks);
  }

  /** Returns how many clicks were acknowledged: all lower sequence numbers. For any thread. */
  public long acknowledged() {
    return acknowledged.get();
  }

  /** Returns the time of the oldest click that was not acknowledged. For any thread. */
  public Optional<Instant> oldest() {
    return file.oldest();
  }

  /** Returns the used share of the ring, 0 to 1. For any thread. */
  public double fill() {
    return file.fill();
  }

  /** Closes the file. It stays for the next start unless it is empty. */
  @Override
  public void close() throws IOException {
    if (file.oldest().isEmpty() && shedCounts.unreported().isEmpty()) {
      file.delete();
    }
    file.close();
  }
}
