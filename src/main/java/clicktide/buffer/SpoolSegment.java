package clicktide.buffer;

import clicktide.time.Instants;
import clicktide.wire.EncodedEvent;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file of a {@link Spool}. A record has a length, a CRC-32C, a time that its click is not older
 * than, and the bytes of the click. The file ends at the first record that is cut or does not match
 * its CRC. The caller locks.
 */
final class SpoolSegment implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(SpoolSegment.class);
  static final String DAMAGED = ".damaged";
  static final int HEAD = 2 * Integer.BYTES + Long.BYTES;
  private static final int MAX_CLICK_BYTES = 64 << 10;
  private static final int WINDOW = 1 << 20; // bytes per read

  private final Path path;
  private final FileChannel channel;
  private final Sync sync;
  private long end;
  private long at; // the first byte that was not acknowledged
  private long readTo;
  private long clicks;
  private int unacknowledged; // clicks of the newest read
  private Instant oldest = Instant.MAX;
  private boolean isDamaged;

  /** Makes written bytes durable, and waits for the disk. */
  interface Sync {
    void force(FileChannel channel) throws IOException;
  }

  private SpoolSegment(Path path, FileChannel channel, Sync sync) {
    this.path = path;
    this.channel = channel;
    this.sync = sync;
  }

  static SpoolSegment create(Path path, Sync sync) throws IOException {
    var owner = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    var options =
        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
    return new SpoolSegment(path, FileChannel.open(path, options, owner), sync);
  }

  /** Opens a file and counts its records. A crash may have cut the last file. */
  static SpoolSegment open(Path path, boolean isLast, Sync sync) throws IOException {
    var channel = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
    var segment = new SpoolSegment(path, channel, sync);
    segment.end = segment.channel.size();
    for (var part = segment.parse(0, Integer.MAX_VALUE);
        !part.clicks.isEmpty();
        part = segment.parse(part.next, Integer.MAX_VALUE)) {
      segment.clicks += part.clicks.size();
      segment.oldest = Instants.earlier(segment.oldest, part.oldest);
      segment.readTo = part.next;
    }
    if (segment.readTo < segment.end) {
      segment.isDamaged = !isLast;
      log.warn("{} ends after {} of {} bytes", path, segment.readTo, segment.end);
    }
    segment.end = segment.readTo;
    segment.readTo = 0;
    return segment;
  }

  void append(List<EncodedEvent> some, Instant since) throws IOException {
    var size = some.stream().mapToInt(click -> HEAD + click.length()).sum();
    var buffer = ByteBuffer.allocate(size);
    for (var click : some) {
      buffer.putInt(click.length()).putInt(0).putLong(since.toEpochMilli()).put(click.linkClick());
      var begin = buffer.position() - click.length() - Long.BYTES;
      buffer.putInt(begin - Integer.BYTES, crc(buffer.array(), begin, buffer.position() - begin));
    }
    buffer.flip();
    try {
      for (var to = end; buffer.hasRemaining(); ) {
        to += channel.write(buffer, to);
      }
      sync.force(channel);
    } catch (IOException e) {
      channel.truncate(end);
      throw e;
    }
    end += size;
    clicks += some.size();
    oldest = Instants.earlier(oldest, since);
  }

  private static int crc(byte[] bytes, int from, int length) {
    var crc = new CRC32C();
    crc.update(bytes, from, length);
    return (int) crc.getValue();
  }

  List<EncodedEvent> read(int max) throws IOException {
    var part = parse(at, max);
    readTo = part.next;
    unacknowledged = part.clicks.size();
    if (unacknowledged == 0) {
      throw new IOException("%s cannot be read from byte %d".formatted(path, at));
    }
    return part.clicks;
  }

  /** Some records, the earliest of their times, and the position of the next one. */
  private record Chunk(List<EncodedEvent> clicks, Instant oldest, long next) {}

  private Chunk parse(long from, int max) throws IOException {
    var buffer = ByteBuffer.allocate((int) Math.min(WINDOW, Math.max(0, end - from)));
    while (buffer.hasRemaining() && channel.read(buffer, from + buffer.position()) >= 0) {
      // fills the window
    }
    buffer.flip();
    var found = new ArrayList<EncodedEvent>();
    var earliest = Instant.MAX;
    while (found.size() < max && buffer.remaining() > HEAD) {
      var begin = buffer.position();
      var length = buffer.getInt();
      var crc = buffer.getInt();
      var covered = begin + 2 * Integer.BYTES;
      if (length <= 0
          || length > MAX_CLICK_BYTES
          || buffer.remaining() < length + Long.BYTES
          || crc != crc(buffer.array(), covered, length + Long.BYTES)) {
        buffer.position(begin);
        break;
      }
      earliest = Instants.earlier(earliest, Instant.ofEpochMilli(buffer.getLong()));
      var bytes = new byte[length];
      buffer.get(bytes);
      found.add(EncodedEvent.ofLinkClick(bytes));
    }
    return new Chunk(found, earliest, from + buffer.position());
  }

  void acknowledge() {
    at = readTo;
    clicks -= unacknowledged;
    unacknowledged = 0;
  }

  boolean isEmpty() {
    return clicks == 0;
  }

  long bytes() {
    return end;
  }

  long clicks() {
    return clicks;
  }

  Instant oldest() {
    return oldest;
  }

  /** Marks the file as damaged, so that {@link #delete} keeps it for an operator. */
  void markDamaged() {
    isDamaged = true;
  }

  /** Deletes the file. A damaged one is renamed and kept for a week. */
  void delete() throws IOException {
    channel.close();
    if (isDamaged) {
      Files.move(path, path.resolveSibling(path.getFileName() + DAMAGED));
    } else {
      Files.deleteIfExists(path);
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
