package clicktide.aggregation.kafka;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.Consumer;

/** The positions in the partitions that the log still holds, from the first one to the end. */
record LogRange(Consumer<?, ?> consumer, LogSource source) {
  /** Returns where an empty sink begins: as far back as its memory reaches, or the first record. */
  long beginning(int partition, Optional<Duration> memory) {
    return memory.flatMap(back -> since(partition, back)).orElseGet(() -> first(partition));
  }

  /** Returns the first position logged since then, or the end. */
  private Optional<Long> since(int partition, Duration back) {
    var place = source.place(partition);
    var time = source.time().instant().minus(back).toEpochMilli();
    var found = consumer.offsetsForTimes(Map.of(place, time)).get(place);
    return Optional.of(found == null ? end(partition) : found.offset());
  }

  /**
   * Throws if the log has lost the next position: an operator must decide about what is missing.
   */
  void require(int partition, long next) {
    if (next < first(partition) || next > end(partition)) {
      throw new IllegalStateException(
          "%s was counted up to %d, but the log holds %d to %d"
              .formatted(source.place(partition), next, first(partition), end(partition)));
    }
  }

  private long first(int partition) {
    var place = source.place(partition);
    return consumer.beginningOffsets(List.of(place)).get(place);
  }

  private long end(int partition) {
    var place = source.place(partition);
    return consumer.endOffsets(List.of(place)).get(place);
  }
}
