package clicktide.aggregation.kafka;

import clicktide.store.DeadLetters;
import clicktide.store.Sink;
import clicktide.wire.ClickTexts;
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
 * One membership in a consumer group: takes partitions over, reads them and applies batches to the
 * sink. Any failure ends it; the next one begins at the position of the sink. For one thread.
 */
final class PartitionConsumer implements ConsumerRebalanceListener {
  private static final int MAX_CLICKS = 20_000; // held before they are applied

  private final Consumer<Void, byte[]> consumer;
  private final LogFollower.Plan plan;
  private final Sink sink;
  private final LogFollower.Enricher enricher;
  private final DeadLetters deadLetters;
  private final RecordInHand inHand;
  private final FollowerMetrics metrics;
  private final ClickTexts texts = new ClickTexts();
  private final Map<Integer, PartitionBatch> partitions = new TreeMap<>();
  private boolean isOver;

  PartitionConsumer(
      Consumer<Void, byte[]> consumer,
      LogFollower.Plan plan,
      Sink sink,
      LogFollower.Enricher enricher,
      DeadLetters deadLetters,
      RecordInHand inHand,
      FollowerMetrics metrics) {
    this.consumer = consumer;
    this.plan = plan;
    this.sink = sink;
    this.enricher = enricher;
    this.deadLetters = deadLetters;
    this.inHand = inHand;
    this.metrics = metrics;
    consumer.subscribe(List.of(plan.topic().name()), this);
  }

  /** Polls once, for at most 50 ms; returns true when enough is held for the sink. */
  boolean read() {
    var records = consumer.poll(LogFollower.POLL);
    for (var record : records) {
      partitions.get(record.partition()).take(record);
    }
    records
        .nextOffsets()
        .forEach((partition, next) -> partitions.get(partition.partition()).readTo(next.offset()));
    for (var partition : records.partitions()) {
      metrics.read(
          partition.partition(), records.records(partition), consumer.currentLag(partition));
    }
    return partitions.values().stream().mapToInt(PartitionBatch::size).sum() >= MAX_CLICKS;
  }

  /** Dead letters first: nothing before the position of the fence is read again. */
  void flush() {
    var advanced = partitions.values().stream().filter(batch -> !batch.isEmpty()).toList();
    if (advanced.isEmpty()) {
      return;
    }
    var dead = advanced.stream().flatMap(batch -> batch.deadLetters().stream()).toList();
    if (!dead.isEmpty()) {
      deadLetters.keep(dead);
    }
    var batches = advanced.stream().map(PartitionBatch::batch).toList();
    sink.apply(plan.topic().id(), batches);
    metrics.applied(batches, dead);
    var hints = new HashMap<TopicPartition, OffsetAndMetadata>();
    for (var batch : batches) {
      var collector = partitions.get(batch.partition());
      collector.applied(batch);
      var partition = new TopicPartition(plan.topic().name(), batch.partition());
      hints.put(partition, new OffsetAndMetadata(batch.to()));
      metrics.reached(batch, consumer.currentLag(partition), collector.missing());
    }
    consumer.commitAsync(hints, (_, _) -> {}); // for tools that show lag
  }

  /** Drops what was read, so that leaving the group does not apply it again. */
  void end() {
    isOver = true;
    partitions.clear();
  }

  @Override
  public void onPartitionsAssigned(Collection<TopicPartition> assigned) {
    var range = new LogRange(consumer, plan.time());
    for (var partition : assigned) {
      if (partition.partition() >= plan.topic().partitions()) {
        throw new IllegalStateException(
            "%s was added to the log, but events are distributed over %d partitions for ever"
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
          new PartitionBatch(
              plan.topic(),
              partition.partition(),
              position,
              plan.retention().endedNodes(),
              enricher,
              inHand,
              texts));
      consumer.seek(partition, position.next());
    }
    metrics.follows(partitions.keySet());
    LogFollower.log.info("The {} sink follows {} partitions", sink.name(), partitions.size());
  }

  @Override
  public void onPartitionsRevoked(Collection<TopicPartition> revoked) {
    if (!isOver) {
      flush(); // or the next owner reads it again
    }
    onPartitionsLost(revoked);
  }

  @Override
  public void onPartitionsLost(Collection<TopicPartition> lost) {
    lost.forEach(
        partition -> {
          partitions.remove(partition.partition());
          if (!isOver) { // otherwise the gauges stay: perhaps no node follows it now
            metrics.lost(partition.partition());
          }
        });
  }
}
