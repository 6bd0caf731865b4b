package clicktide.aggregation.kafka;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A log in memory: partitions of records with the broker's stamps, and holes between offsets as
 * markers and compaction leave them. One thread.
 */
final class SimulatedLog {
  private final List<List<Entry>> partitions = new ArrayList<>();
  private final Random random;

  /** A record and where it stands. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Entry(long offset, Instant loggedAt, byte[] value) {}

  SimulatedLog(int partitions, Random random) {
    this.random = random;
    for (var i = 0; i < partitions; i++) {
      this.partitions.add(new ArrayList<>());
    }
  }

  void append(int partition, Instant at, byte[] value) {
    var entries = partitions.get(partition);
    var next = end(partition) + (random.nextInt(20) == 0 ? 1 + random.nextInt(3) : 0);
    entries.add(new Entry(next, at, value));
  }

  long end(int partition) {
    var entries = partitions.get(partition);
    return entries.isEmpty() ? 0 : entries.getLast().offset() + 1;
  }

  /** At most {@code most} records from a position on. */
  List<Entry> read(int partition, long from, int most) {
    var entries = partitions.get(partition);
    var first = entries.size();
    while (first > 0 && entries.get(first - 1).offset() >= from) {
      first--;
    }
    return entries.subList(first, Math.min(entries.size(), first + most));
  }

  int partitions() {
    return partitions.size();
  }
}
