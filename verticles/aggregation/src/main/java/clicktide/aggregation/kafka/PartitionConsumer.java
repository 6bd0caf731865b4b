package clicktide.aggregation.kafka;

import clicktide.store.DeadLetters;
import clicktide.store.Sink;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * One stay in a consumer group: takes partitions over, reads them, and hands the sink what was
 * read. Any failure ends the stay; the next one begins where the sink says. For one thread.
 */
final class PartitionConsumer implements ConsumerRebalanceListener {
  private static final int MOST_VISITS = 20_000; // held before they are given to the sink

  private final Consumer<Void, byte[]> consumer;
  private final LogFollower.Plan plan;
  private final Sink sink;
  private final LogFollower.Enrich enrich;
  private final DeadLetters letters;
  private final FollowerMetrics metrics;
  private final Map<Integer, PartitionBatch> partitions = new TreeMap<>();
  private boolean isOver;

  PartitionConsumer(
      Consumer<Void, byte[]> consumer,
      LogFollower.Plan plan,
      Sink sink,
      LogFollower.Enrich enrich,
      DeadLetters letters,
      FollowerMetrics metrics) {
    this.consumer = consumer;
    this.plan = plan;
    this.sink = sink;
    this.enrich = enrich;
    this.letters = letters;
    this.metrics = metrics;
    consumer.subscribe(List.of(plan.topic().name()), this);
  }

  /** Reads what is there, or waits a moment for it; true when there is enough for the sink. */
  boolean read() {
    var records = consumer.poll(LogFollower.POLL);
    for (var record : records) {
      partitions.get(record.partition()).take(record);
    }
    records
        .nextOffsets()
        .forEach((partition, next) -> partitions.get(partition.partition()).readTo(next.offset()));
    return partitions.values().stream().mapToInt(PartitionBatch::size).sum() >= MOST_VISITS;
  }

  /** Dead letters first: once the fence has passed a record, nobody looks at it again. */
  void flush() {
    var ahead = partitions.values().stream().filter(PartitionBatch::isAhead).toList();
    if (ahead.isEmpty()) {
      return;
    }
    var dead = ahead.stream().flatMap(pending -> pending.letters().stream()).toList();
    if (!dead.isEmpty()) {
      letters.keep(dead);
    }
    var batches = ahead.stream().map(PartitionBatch::batch).toList();
    sink.apply(plan.topic().id(), batches);
    metrics.applied(batches, dead);
    var hints = new HashMap<TopicPartition, OffsetAndMetadata>();
    for (var batch : batches) {
      var pending = partitions.get(batch.partition());
      pending.applied(batch);
      var partition = new TopicPartition(plan.topic().name(), batch.partition());
      hints.put(partition, new OffsetAndMetadata(batch.to()));
      metrics.reached(batch, consumer.currentLag(partition), pending.missing());
    }
    consumer.commitAsync(hints, (_, _) -> {}); // for tools that show lag
  }

  /** What was read is dropped, so that leaving the group does not try it once more. */
  void end() {
    isOver = true;
    partitions.clear();
  }

  @Override
  public void onPartitionsAssigned(Collection<TopicPartition> assigned) {
    var range = new LogRange(consumer, plan.clock());
    for (var partition : assigned) {
      if (partition.partition() >= plan.topic().partitions()) {
        throw new IllegalStateException(
            "%s was added to the log: identities lead to %d partitions, which never change"
                .formatted(partition, plan.topic().partitions()));
      }
      var position =
          sink.takeOver(
              plan.topic().id(),
              partition.partition(),
              () -> range.beginning(partition, sink.memory()));
      range.require(partition, position.next());
      partitions.put(
          partition.partition(),
          new PartitionBatch(plan.topic(), partition.partition(), position, enrich));
      consumer.seek(partition, position.next());
    }
    metrics.follows(partitions.keySet());
    LogFollower.log.info("The {} sink follows {} partitions", sink.name(), partitions.size());
  }

  @Override
  public void onPartitionsRevoked(Collection<TopicPartition> revoked) {
    if (!isOver) {
      flush(); // the next owner need not read it again
    }
    onPartitionsLost(revoked);
  }

  @Override
  public void onPartitionsLost(Collection<TopicPartition> lost) {
    lost.forEach(
        partition -> {
          partitions.remove(partition.partition());
          if (!isOver) { // or nobody may follow it now, and its numbers grow old
            metrics.lost(partition.partition());
          }
        });
  }
}
