package clicktide.enrich;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What was read from a file that an operator may replace while the product runs. Whoever asks looks
 * at it, at most every ten seconds; one that cannot be read leaves what was read before. For any
 * thread.
 */
final class OperatorFile<T> {
  private static final Logger log = LoggerFactory.getLogger(OperatorFile.class);
  private static final Duration LOOK = Duration.ofSeconds(10);

  private final Path file;
  private final Reading<T> reading;
  private final InstantSource clock;
  private final AtomicReference<Instant> nextLook;
  private volatile Stamp stamp;
  private volatile T content;

  /** Makes something of a file; {@link IllegalArgumentException} says what is wrong in it. */
  interface Reading<T> {
    T read(Path file) throws IOException;
  }

  private record Stamp(FileTime modified, long size, Object key) {
    private static Stamp of(Path file) throws IOException {
      var attributes = Files.readAttributes(file, BasicFileAttributes.class);
      return new Stamp(attributes.lastModifiedTime(), attributes.size(), attributes.fileKey());
    }
  }

  /** The first reading has to succeed. */
  OperatorFile(Path file, Reading<T> reading, InstantSource clock) throws IOException {
    this.file = file;
    this.reading = reading;
    this.clock = clock;
    stamp = Stamp.of(file); // before it is read: what is written meanwhile is read again
    content = reading.read(file);
    nextLook = new AtomicReference<>(clock.instant().plus(LOOK));
  }

  /** Waits only for the one who finds it changed. */
  T current() {
    var due = nextLook.get();
    var now = clock.instant();
    if (!now.isBefore(due) && nextLook.compareAndSet(due, now.plus(LOOK))) {
      readAgain();
    }
    return content;
  }

  private void readAgain() {
    try {
      var seen = Stamp.of(file);
      if (!seen.equals(stamp)) {
        content = reading.read(file);
        stamp = seen;
        log.info("{} was read again", file);
      }
    } catch (IOException | RuntimeException e) {
      log.warn("{} cannot be read; what it said before stays: {}", file, e.toString());
    }
  }
}
