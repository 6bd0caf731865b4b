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
 * The content of a file that an operator may replace while the product runs. Every ten seconds a
 * caller checks the file. If it cannot be read, the old content stays. For any thread.
 */
final class OperatorFile<T> {
  private static final Logger log = LoggerFactory.getLogger(OperatorFile.class);
  private static final Duration CHECK_INTERVAL = Duration.ofSeconds(10);

  private final Path file;
  private final Parser<T> parser;
  private final InstantSource clock;
  private final AtomicReference<Instant> nextCheck;
  private volatile Stamp stamp;
  private volatile T content;

  /** A parser of the file; its {@link IllegalArgumentException} describes the first mistake. */
  interface Parser<T> {
    T parse(Path file) throws IOException;
  }

  private record Stamp(FileTime modified, long size, Object key) {
    private static Stamp of(Path file) throws IOException {
      var attributes = Files.readAttributes(file, BasicFileAttributes.class);
      return new Stamp(attributes.lastModifiedTime(), attributes.size(), attributes.fileKey());
    }
  }

  /** Reads the file for the first time, and throws if that fails. */
  OperatorFile(Path file, Parser<T> parser, InstantSource clock) throws IOException {
    this.file = file;
    this.parser = parser;
    this.clock = clock;
    stamp = Stamp.of(file); // taken first, so a change in between is read again
    content = parser.parse(file);
    nextCheck = new AtomicReference<>(clock.instant().plus(CHECK_INTERVAL));
  }

  /** Returns the content. Only the caller that finds a change waits. */
  T current() {
    var due = nextCheck.get();
    var now = clock.instant();
    if (!now.isBefore(due) && nextCheck.compareAndSet(due, now.plus(CHECK_INTERVAL))) {
      readAgain();
    }
    return content;
  }

  private void readAgain() {
    try {
      var seen = Stamp.of(file);
      if (!seen.equals(stamp)) {
        content = parser.parse(file);
        stamp = seen;
        log.info("{} was read again", file);
      }
    } catch (IOException | RuntimeException e) {
      log.warn("{} cannot be read, so its old content stays: {}", file, e.toString());
    }
  }
}
