package clicktide.aggregation.kafka;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;

/** What the log holds of a partition, from the first position to the end. */
record LogRange(Consumer<?, ?> consumer, InstantSource clock) {
  /** Where an empty sink begins: as far back as its memory reaches, or with the first record. */
  long beginning(TopicPartition partition, Optional<Duration> memory) {
    return memory.flatMap(back -> since(partition, back)).orElseGet(() -> first(partition));
  }

  /** Empty if nothing was logged since then. */
  private Optional<Long> since(TopicPartition partition, Duration back) {
    var time = clock.instant().minus(back).toEpochMilli();
    var found = consumer.offsetsForTimes(Map.of(partition, time)).get(partition);
    return Optional.of(found == null ? end(partition) : found.offset());
  }

  /** What the log lost cannot be counted: that is for an operator to decide, not to pass over. */
  void require(TopicPartition partition, long next) {
    if (next < first(partition) || next > end(partition)) {
      throw new IllegalStateException(
          "%s is counted up to %d, but the log holds %d to %d"
              .formatted(partition, next, first(partition), end(partition)));
    }
  }

  private long first(TopicPartition partition) {
    return consumer.beginningOffsets(List.of(partition)).get(partition);
  }

  private long end(TopicPartition partition) {
    return consumer.endOffsets(List.of(partition)).get(partition);
  }
}
