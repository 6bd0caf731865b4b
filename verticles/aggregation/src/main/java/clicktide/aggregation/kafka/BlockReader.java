package clicktide.aggregation.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;

/** Reader of blocks with a consumer, in each partition from a given position on. For one thread. */
final class BlockReader {
  private final Consumer<Void, byte[]> consumer;
  private final LogSource source;
  private final RecordDecoder decoder;
  private final Map<Integer, Long> next = new HashMap<>(); // by partition that is read

  BlockReader(Consumer<Void, byte[]> consumer, LogSource source, RecordDecoder decoder) {
    this.consumer = consumer;
    this.source = source;
    this.decoder = decoder;
  }

  /** Begins to read a partition that is assigned to the consumer. */
  void begin(int partition, long position) {
    consumer.seek(source.place(partition), position);
    next.put(partition, position);
  }

  void end(Set<Integer> partitions) {
    next.keySet().removeAll(partitions);
  }

  /** Returns the partitions that are read. */
  Set<Integer> partitions() {
    return Set.copyOf(next.keySet());
  }

  /** Polls once. A block follows the one before it without a gap, even where offsets are unused. */
  List<RecordBlock> read(Duration patience) {
    var records = consumer.poll(patience);
    var blocks = new ArrayList<RecordBlock>();
    records
        .nextOffsets()
        .forEach(
            (place, end) -> {
              var from = next.get(place.partition());
              var decoded = records.records(place).stream().map(decoder::decode).toList();
              var unread = consumer.currentLag(place).orElse(0);
              next.put(place.partition(), end.offset());
              blocks.add(new RecordBlock(place.partition(), from, end.offset(), decoded, unread));
            });
    return blocks;
  }
}
