package clicktide.aggregation.kafka;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The record that a follower handles now, in a mapped file that outlives the process. A record that
 * ended a process is recognized by the next one, so it cannot end every process (G10). For one
 * thread.
 */
final class RecordInHand {
  private static final int NEXT_PARTITION = 0; // one more than the partition, or 0 without a record
  private static final int OFFSET = 8;
  private static final int DEATHS = 16;
  private static final int BYTES = 24;

  private final MemorySegment memory;
  private final long suspectPartition;
  private final long suspectOffset;
  private final int deaths;

  private RecordInHand(MemorySegment memory) {
    this.memory = memory;
    suspectPartition = get(NEXT_PARTITION) - 1;
    suspectOffset = get(OFFSET);
    deaths = suspectPartition < 0 ? 0 : (int) get(DEATHS) + 1;
  }

  /** Opens or creates the file of one follower. */
  static RecordInHand open(Path file) {
    try {
      Files.createDirectories(file.getParent());
      try (var channel =
          FileChannel.open(
              file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
        return new RecordInHand(
            channel.map(FileChannel.MapMode.READ_WRITE, 0, BYTES, Arena.ofAuto()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("The file %s cannot be used".formatted(file), e);
    }
  }

  /** Remembers nothing after the process ends. */
  static RecordInHand inMemory() {
    return new RecordInHand(Arena.ofAuto().allocate(BYTES, Long.BYTES));
  }

  /** Takes a record. Returns how many processes have ended while they handled it. */
  int begin(int partition, long offset) {
    var isSuspect = partition == suspectPartition && offset == suspectOffset;
    var before = isSuspect ? deaths : 0;
    set(OFFSET, offset);
    set(DEATHS, before);
    set(NEXT_PARTITION, partition + 1L);
    return before;
  }

  /** Puts the record down: it is handled. */
  void end() {
    set(NEXT_PARTITION, 0);
  }

  private long get(int at) {
    return memory.get(ValueLayout.JAVA_LONG, at);
  }

  private void set(int at, long value) {
    memory.set(ValueLayout.JAVA_LONG, at, value);
  }
}
