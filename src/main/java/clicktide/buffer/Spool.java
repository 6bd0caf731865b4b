package clicktide.buffer;

import clicktide.wire.EncodedClick;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Clicks on disk for as long as the log is away (A4): bounded segments, each record with its CRC,
 * synced before whoever appends lets go of them. One reader takes them out again, oldest first.
 * After a crash it begins again with the oldest segment; identities make that harmless. For any
 * thread.
 */
public final class Spool implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Spool.class);
  private static final String SUFFIX = ".spool";
  private static final int SEGMENT_BYTES = 4 << 20;
  private static final Duration KEPT_ASIDE = Duration.ofDays(7); // as long as the log keeps clicks

  private final Path folder;
  private final long mostBytes;
  private final Deque<SpoolSegment> segments = new ArrayDeque<>(); // the last one may be written to
  private long number;
  private boolean isWriting;
  private long unreadable;
  private int read; // records that the newest read gave

  private Spool(Path folder, long mostBytes) {
    this.folder = folder;
    this.mostBytes = mostBytes;
  }

  /** With everything that an earlier process left there. */
  public static Spool open(Path folder, long mostBytes) throws IOException {
    var spool = new Spool(Files.createDirectories(folder), mostBytes);
    for (var damaged : files(folder, SpoolSegment.DAMAGED)) {
      var since = Files.getLastModifiedTime(damaged).toInstant();
      if (since.plus(KEPT_ASIDE).isBefore(Instant.now())) {
        Files.delete(damaged); // addresses of visitors are in it
      }
    }
    var files = files(folder, SUFFIX);
    for (var file : files) {
      var name = file.getFileName().toString();
      spool.number = Long.parseLong(name.substring(0, name.length() - SUFFIX.length())) + 1;
      var segment = SpoolSegment.open(file, file.equals(files.getLast()));
      if (segment.isEmpty()) {
        segment.delete();
      } else {
        spool.segments.add(segment);
      }
    }
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

  /** Keeps the clicks on disk, or throws and keeps none: there is no room, or the disk refuses. */
  public synchronized void append(List<EncodedClick> clicks, Instant oldest) throws IOException {
    var size = clicks.stream().mapToLong(click -> click.length() + SpoolSegment.HEAD).sum();
    if (bytes() + size > mostBytes) {
      throw new IOException("the spool holds %d bytes, as many as it may".formatted(bytes()));
    }
    keep(clicks, oldest);
  }

  /** Whatever the bound: what a journal of an earlier process held was answered. */
  public synchronized void keep(List<EncodedClick> clicks, Instant oldest) throws IOException {
    if (!isWriting || segments.getLast().bytes() >= SEGMENT_BYTES) {
      segments.add(SpoolSegment.create(folder.resolve("%016d%s".formatted(number++, SUFFIX))));
      isWriting = true;
    }
    try {
      segments.getLast().append(clicks, oldest);
    } catch (IOException e) {
      isWriting = false; // what stands behind the failure is never mixed with what comes
      if (segments.getLast().isEmpty()) {
        segments.removeLast().delete();
      }
      throw e;
    }
  }

  /** The oldest clicks, at most {@code max}; the same until acknowledged. */
  public synchronized List<EncodedClick> read(int max) {
    read = 0;
    while (!segments.isEmpty()) {
      try {
        var clicks = segments.getFirst().read(max);
        read = clicks.size();
        return clicks;
      } catch (ClosedChannelException e) {
        throw new UncheckedIOException("The spool is closed; what is in it stays", e);
      } catch (IOException e) {
        var clicks = segments.getFirst().clicks();
        segments.getFirst().keepAside();
        unreadable += clicks;
        log.error("{} clicks of the spool cannot be read; their segment is kept aside", clicks, e);
        removeFirst();
      }
    }
    return List.of();
  }

  private void removeFirst() {
    var first = segments.removeFirst();
    isWriting &= !segments.isEmpty();
    try {
      first.delete();
    } catch (IOException e) {
      log.warn("A segment of the spool cannot be removed; it is read again after a restart", e);
    }
  }

  /** Clicks that the disk did not give back. */
  public synchronized long unreadable() {
    return unreadable;
  }

  /** The log has what the newest {@link #read} gave. */
  public synchronized void acknowledge() {
    if (read == 0) {
      return;
    }
    var first = segments.getFirst();
    first.acknowledge();
    read = 0;
    if (first.isEmpty()) {
      removeFirst();
    }
  }

  /** Whether the log has everything. */
  public synchronized boolean isEmpty() {
    return segments.isEmpty();
  }

  /** A time that no click in it is older than. */
  public synchronized Optional<Instant> oldest() {
    return segments.stream().map(SpoolSegment::oldest).min(Comparator.naturalOrder());
  }

  /** How much of the disk it has. */
  public synchronized long bytes() {
    return segments.stream().mapToLong(SpoolSegment::bytes).sum();
  }

  /** How many clicks wait in it. */
  public synchronized long clicks() {
    return segments.stream().mapToLong(SpoolSegment::clicks).sum();
  }

  @Override
  public synchronized void close() throws IOException {
    for (var segment : segments) {
      segment.close();
    }
  }
}
