package clicktide.buffer;

import clicktide.store.Retention;
import clicktide.wire.EncodedEvent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A queue of clicks on disk that takes over from the journals while the log is unavailable (A4). It
 * consists of bounded segments. Each record has its own CRC and is synced before {@link #append}
 * returns. One reader takes the clicks out again, oldest first. After a crash reading starts again
 * with the oldest segment, and the identities of the clicks make that harmless. For any thread.
 *
 * <p>The methods that change the spool hold a lock and may wait for the disk. The methods that only
 * look at it read a published {@link SpoolState} and never wait, because event loops call them.
 */
public final class Spool implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Spool.class);
  private static final String SUFFIX = ".spool";
  private static final int SEGMENT_BYTES = 4 << 20;

  private final Path folder;
  private final long maxBytes;
  private final SpoolSegment.Sync sync;
  private final Deque<SpoolSegment> segments = new ArrayDeque<>(); // the last one may be written to
  private long number;
  private boolean isWriting;
  private long unreadable;
  private int recordsRead; // by the newest read
  private volatile SpoolState state = SpoolState.EMPTY;

  private Spool(Path folder, long maxBytes, SpoolSegment.Sync sync) {
    this.folder = folder;
    this.maxBytes = maxBytes;
    this.sync = sync;
  }

  /** Opens the spool with everything that an earlier process left in the folder. */
  public static Spool open(Path folder, long maxBytes, InstantSource clock) throws IOException {
    return open(folder, maxBytes, clock, channel -> channel.force(false));
  }

  static Spool open(Path folder, long maxBytes, InstantSource clock, SpoolSegment.Sync sync)
      throws IOException {
    var spool = new Spool(Files.createDirectories(folder), maxBytes, sync);
    for (var damaged : files(folder, SpoolSegment.DAMAGED)) {
      var since = Files.getLastModifiedTime(damaged).toInstant();
      if (since.plus(Retention.DAMAGED_SEGMENTS).isBefore(clock.instant())) {
        Files.delete(damaged); // it holds addresses of visitors
      }
    }
    var files = files(folder, SUFFIX);
    for (var file : files) {
      var name = file.getFileName().toString();
      spool.number = Long.parseLong(name.substring(0, name.length() - SUFFIX.length())) + 1;
      var segment = SpoolSegment.open(file, file.equals(files.getLast()), sync);
      if (segment.isEmpty()) {
        segment.delete();
      } else {
        spool.segments.add(segment);
      }
    }
    spool.publish();
    return spool;
  }

  private static List<Path> files(Path folder, String suffix) throws IOException {
    try (var files = Files.list(folder)) {
      return files
          .filter(path -> path.toString().endsWith(suffix))
          .sorted(Comparator.comparing(Path::getFileName))
          .toList();
    }
  }

  /** The caller holds the lock. */
  private void publish() {
    state =
        new SpoolState(
            segments.stream().map(SpoolSegment::oldest).min(Comparator.naturalOrder()),
            segments.stream().mapToLong(SpoolSegment::bytes).sum(),
            segments.stream().mapToLong(SpoolSegment::clicks).sum(),
            unreadable);
  }

  /**
   * Writes the clicks to disk and syncs them. Throws and keeps none of them if the spool is full or
   * the disk fails.
   */
  public synchronized void append(List<EncodedEvent> clicks, Instant oldest) throws IOException {
    var size = clicks.stream().mapToLong(click -> click.length() + SpoolSegment.HEAD).sum();
    if (state.bytes() + size > maxBytes) {
      throw new IOException("the spool is full: it holds %d bytes".formatted(state.bytes()));
    }
    appendUnbounded(clicks, oldest);
  }

  /** Appends without a bound: clicks in a journal of an earlier process were answered already. */
  synchronized void appendUnbounded(List<EncodedEvent> clicks, Instant oldest) throws IOException {
    try {
      if (!isWriting || segments.getLast().bytes() >= SEGMENT_BYTES) {
        var path = folder.resolve("%016d%s".formatted(number++, SUFFIX));
        segments.add(SpoolSegment.create(path, sync));
        isWriting = true;
      }
      segments.getLast().append(clicks, oldest);
    } catch (IOException e) {
      isWriting = false; // nothing is written after the place of a failure
      if (!segments.isEmpty() && segments.getLast().isEmpty()) {
        segments.removeLast().delete();
      }
      throw e;
    } finally {
      publish();
    }
  }

  /** Returns the oldest clicks, at most {@code max}. They stay the same until acknowledged. */
  public synchronized List<EncodedEvent> read(int max) {
    recordsRead = 0;
    while (!segments.isEmpty()) {
      try {
        var clicks = segments.getFirst().read(max);
        recordsRead = clicks.size();
        return clicks;
      } catch (ClosedChannelException e) {
        throw new UncheckedIOException("the spool is closed; its clicks stay on disk", e);
      } catch (IOException e) {
        var clicks = segments.getFirst().clicks();
        segments.getFirst().markDamaged();
        unreadable += clicks;
        log.error("{} clicks of the spool cannot be read; the file is kept for a week", clicks, e);
        removeFirst();
      }
    }
    return List.of();
  }

  private void removeFirst() {
    var first = segments.removeFirst();
    isWriting &= !segments.isEmpty();
    publish();
    try {
      first.delete();
    } catch (IOException e) {
      log.warn("A segment of the spool cannot be deleted; it is read again after a restart", e);
    }
  }

  /** Removes the clicks of the newest {@link #read}: the log has them. */
  public synchronized void acknowledge() {
    if (recordsRead == 0) {
      return;
    }
    var first = segments.getFirst();
    first.acknowledge();
    recordsRead = 0;
    if (first.isEmpty()) {
      removeFirst();
    } else {
      publish();
    }
  }

  /** Returns how the spool was after the newest change. Never waits. */
  SpoolState state() {
    return state;
  }

  /** Returns true if the log has everything. Never waits. */
  public boolean isEmpty() {
    return state.isEmpty();
  }

  /** Returns a time that no click in the spool is older than. Never waits. */
  public Optional<Instant> oldest() {
    return state.oldest();
  }

  /** Returns the bytes on disk. Never waits. */
  public long bytes() {
    return state.bytes();
  }

  /** Returns how many clicks the spool holds. Never waits. */
  public long clicks() {
    return state.clicks();
  }

  /** Returns how many clicks the disk did not return since the start. Never waits. */
  public long unreadable() {
    return state.unreadable();
  }

  @Override
  public synchronized void close() throws IOException {
    for (var segment : segments) {
      segment.close();
    }
  }
}
