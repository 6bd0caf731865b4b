package clicktide.buffer;

import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import clicktide.buffer.Journal.Lane;
import clicktide.wire.EncodedEvent;
import clicktide.wire.ProtobufWriter;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.CRC32C;

/**
 * The memory of a {@link Journal}: a head, the table of {@link ShedCounts}, and a ring. Positions
 * in the ring only rise. The CRC of a record covers its position and a random salt. So neither a
 * record of an earlier round nor a text of a visitor can be mistaken for a record.
 */
final class JournalFile implements AutoCloseable {
  /** The offset of the table of {@link ShedCounts}. */
  static final long TABLE = 4_096;

  private static final long RING = TABLE + ShedCounts.BYTES;
  private static final long MAGIC = 0x4354_4a4f_5552_3031L; // "CTJOUR01", written last
  private static final int MAGIC_AT = 0;
  private static final int NODE_AT = 8;
  private static final int LANE_AT = 16; // boot and event loop
  private static final int SALT_AT = 32;
  private static final int ACKNOWLEDGED_AT = 64; // a cache line of its own
  private static final long SKIP = 0xffff_ffffL;
  private static final int WORD = Long.BYTES;
  private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();

  private final Path path;
  private final Arena arena;
  private final MemorySegment memory;
  private final long capacity;
  private final long salt;
  private final AtomicLong written = new AtomicLong(); // read by any thread
  private long knownAcknowledged; // the writer's copy, refreshed when the ring looks full

  /** A click, and the position of the next record. */
  record RingRecord(EncodedEvent click, long next) {}

  private JournalFile(Path path, Arena arena, MemorySegment memory) {
    this.path = path;
    this.arena = arena;
    this.memory = memory;
    capacity = memory.byteSize() - RING;
    salt = get(SALT_AT);
  }

  /** Creates and fills a file for {@code bytes} of clicks; {@code salt} is secret and random. */
  static JournalFile create(Path path, Lane lane, long bytes, long salt) throws IOException {
    Files.deleteIfExists(path);
    var owner = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    var options = Set.of(StandardOpenOption.CREATE_NEW, READ, WRITE);
    var size = RING + bytes / WORD * WORD;
    try (var channel = FileChannel.open(path, options, owner)) {
      var zeros = ByteBuffer.allocateDirect(1 << 16);
      for (var at = 0L; at < size; at += zeros.position()) {
        zeros.clear().limit((int) Math.min(zeros.capacity(), size - at));
        channel.write(zeros, at);
      }
      var arena = Arena.ofShared();
      var memory = channel.map(FileChannel.MapMode.READ_WRITE, 0, size, arena);
      memory.set(ValueLayout.JAVA_LONG, NODE_AT, lane.node());
      memory.set(ValueLayout.JAVA_LONG, LANE_AT, (long) lane.boot() << 32 | lane.number());
      memory.set(ValueLayout.JAVA_LONG, SALT_AT, salt);
      LONG.setRelease(memory, MAGIC_AT, MAGIC);
      return new JournalFile(path, arena, memory);
    } catch (IOException e) {
      Files.deleteIfExists(path);
      throw e;
    }
  }

  /** Opens the file of an earlier process; empty if that process died before its first click. */
  static Optional<JournalFile> open(Path path) throws IOException {
    try (var channel = FileChannel.open(path, READ, WRITE, LinkOption.NOFOLLOW_LINKS)) {
      if (channel.size() <= RING) {
        return Optional.empty();
      }
      var arena = Arena.ofShared();
      var memory = channel.map(FileChannel.MapMode.READ_WRITE, 0, channel.size(), arena);
      var file = new JournalFile(path, arena, memory);
      if (file.get(MAGIC_AT) != MAGIC) {
        file.close();
        return Optional.empty();
      }
      return Optional.of(file);
    }
  }

  Lane lane() {
    return new Lane(get(NODE_AT), (int) (get(LANE_AT) >>> 32), (int) get(LANE_AT));
  }

  long get(long at) {
    return (long) LONG.getAcquire(memory, at);
  }

  void set(long at, long value) {
    LONG.setRelease(memory, at, value);
  }

  /** Writes a record and returns the next position, or -1 if there is no room. */
  long append(long position, long time, ProtobufWriter click) {
    var size = 2 * WORD + (click.size() + WORD - 1) / WORD * WORD;
    var toEnd = capacity - position % capacity;
    var skipped = toEnd < size + WORD ? toEnd : 0;
    var begin = position + skipped;
    if (!hasRoom(begin + size + WORD)) {
      return -1;
    }
    if (skipped > 0) {
      set(at(begin), 0);
      set(at(position), (long) crc(position, SKIP, new byte[0], 0) << 32 | SKIP);
    }
    var payload = at(begin) + WORD;
    memory.set(ValueLayout.JAVA_LONG, payload, time);
    MemorySegment.copy(
        click.array(), 0, memory, ValueLayout.JAVA_BYTE, payload + WORD, click.size());
    set(at(begin + size), 0);
    var crc = crc(begin, time, click.array(), click.size());
    set(at(begin), (long) crc << 32 | click.size());
    written.setRelease(begin + size);
    return begin + size;
  }

  private boolean hasRoom(long end) {
    if (end - knownAcknowledged > capacity) {
      knownAcknowledged = acknowledged();
    }
    return end - knownAcknowledged <= capacity;
  }

  private int crc(long position, long time, byte[] bytes, int length) {
    var head = ByteBuffer.allocate(2 * WORD).putLong(salt ^ position).putLong(time);
    var crc = new CRC32C();
    crc.update(head.array());
    crc.update(bytes, 0, length);
    return (int) crc.getValue();
  }

  private long at(long position) {
    return RING + position % capacity;
  }

  long acknowledged() {
    return get(ACKNOWLEDGED_AT);
  }

  void acknowledge(long position) {
    set(ACKNOWLEDGED_AT, position);
  }

  /** Returns the record at a position, if it is whole. */
  Optional<RingRecord> read(long position) {
    var word = get(at(position));
    var length = word & SKIP;
    if (word == 0) {
      return Optional.empty();
    }
    var toEnd = capacity - position % capacity;
    if (length == SKIP) {
      var isSkip = crc(position, SKIP, new byte[0], 0) == (int) (word >>> 32);
      return isSkip ? read(position + toEnd) : Optional.empty();
    }
    if (length > toEnd - 2 * WORD) {
      return Optional.empty();
    }
    var payload = at(position) + WORD;
    var time = memory.get(ValueLayout.JAVA_LONG, payload);
    var bytes = new byte[(int) length];
    MemorySegment.copy(memory, ValueLayout.JAVA_BYTE, payload + WORD, bytes, 0, bytes.length);
    if (crc(position, time, bytes, bytes.length) != (int) (word >>> 32)) {
      return Optional.empty();
    }
    var size = 2 * WORD + (length + WORD - 1) / WORD * WORD;
    return Optional.of(new RingRecord(EncodedEvent.ofLinkClick(bytes), position + size));
  }

  /** Returns the time of the oldest record that was not acknowledged. Never waits. */
  Optional<Instant> oldest() {
    while (true) {
      var position = acknowledged();
      var record = (get(at(position)) & SKIP) == SKIP ? RING : at(position);
      var word = get(record);
      var time = get(record + WORD);
      if (position == acknowledged()) { // the record was not overwritten meanwhile
        return word == 0 ? Optional.empty() : Optional.of(Instant.ofEpochMilli(time));
      }
    }
  }

  double fill() {
    return (double) Math.max(0, written.get() - acknowledged()) / capacity;
  }

  @Override
  public void close() {
    arena.close();
  }

  void delete() throws IOException {
    Files.deleteIfExists(path);
  }
}
