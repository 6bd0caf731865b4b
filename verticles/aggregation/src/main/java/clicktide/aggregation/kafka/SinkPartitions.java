package clicktide.aggregation.kafka;

import clicktide.store.Sink;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The partitions of one sink in this process: takes them over, collects their records and applies
 * batches. A partition whose next position the pass has passed is read alone until it has caught
 * up. For one thread.
 */
final class SinkPartitions implements AutoCloseable {
  private final LogSource source;
  private final LogFollower.Plan plan;
  private final Sink sink;
  private final PassLink link;
  private final CatchUp catchUp;
  private final FollowerMetrics metrics;
  private final Set<Integer> assigned = new TreeSet<>();
  private final Map<Integer, PartitionBatch> partitions = new TreeMap<>(); // taken over
  private final Map<Integer, Long> offered = new HashMap<>(); // by partition, the end of the pass
  private Optional<Long> resume = Optional.empty(); // ns

  SinkPartitions(
      LogSource source,
      LogFollower.Plan plan,
      Sink sink,
      PassLink link,
      CatchUp catchUp,
      FollowerMetrics metrics) {
    this.source = source;
    this.plan = plan;
    this.sink = sink;
    this.link = link;
    this.catchUp = catchUp;
    this.metrics = metrics;
  }

  /** Takes partitions over, and reads what there is for at most the given nanoseconds. */
  void read(long nanos) throws InterruptedException {
    if (resume.isPresent() && source.time().nanos() - resume.get() >= 0) {
      resume = Optional.empty();
    }
    if (resume.isEmpty() && partitions.size() < assigned.size()) {
      takeOver();
    }
    var lagging = lagging();
    link.lagging(!lagging.isEmpty() || !isComplete());
    var message = link.take(lagging.isEmpty() ? nanos : 0);
    while (message.isPresent()) {
      handle(message.get());
      message = isFull() ? Optional.empty() : link.take(0);
    }
    if (!lagging.isEmpty() && !isFull()) {
      catchUp.read(lagging(), partition -> partitions.get(partition).next()).forEach(this::take);
    }
  }

  private void takeOver() {
    var range = catchUp.range();
    for (var partition : assigned) {
      if (!partitions.containsKey(partition)) {
        var position =
            sink.takeOver(
                source.topic().id(), partition, () -> range.beginning(partition, sink.memory()));
        range.require(partition, position.next());
        partitions.put(
            partition, new PartitionBatch(source.topic(), partition, position, plan.endedNodes()));
        link.applied(partition, position.next());
      }
    }
    metrics.follows(partitions.keySet());
    LogFollower.log.info("The {} sink follows {} partitions", sink.name(), partitions.size());
  }

  private Set<Integer> lagging() {
    return partitions.entrySet().stream()
        .filter(entry -> entry.getValue().next() < offered.getOrDefault(entry.getKey(), 0L))
        .map(Map.Entry::getKey)
        .collect(Collectors.toSet());
  }

  private void handle(PassLink.Message message) {
    switch (message) {
      case PassLink.Message.Read(var blocks, _) ->
          blocks.forEach(
              block -> {
                take(block);
                offered.put(block.partition(), block.to());
              });
      case PassLink.Message.Missed(var ends) -> {
        offered.putAll(ends);
        metrics.missed(ends.size());
      }
      case PassLink.Message.Assigned(var added) -> assigned.addAll(added);
      case PassLink.Message.Released(var ended, var isLost, var done) -> {
        try {
          if (!isLost) {
            flush(); // or the next owner reads it again
          }
        } finally {
          release(ended);
          done.countDown();
        }
      }
    }
  }

  /** Takes the part of a block that comes next; nothing of a block that begins later. */
  private void take(RecordBlock block) {
    var batch = partitions.get(block.partition());
    if (batch != null && block.from() <= batch.next() && batch.next() < block.to()) {
      var rest = block.after(batch.next());
      batch.take(rest);
      metrics.read(rest);
    }
  }

  private void release(Set<Integer> ended) {
    assigned.removeAll(ended);
    partitions.keySet().removeAll(ended);
    offered.keySet().removeAll(ended);
    catchUp.end(ended);
    link.forget(ended);
    ended.forEach(metrics::lost);
  }

  /** Returns true when enough is held for the sink. */
  boolean isFull() {
    return partitions.values().stream().mapToInt(PartitionBatch::size).sum() >= plan.clicks();
  }

  /** Returns true if the sink has taken over every partition that this process owns. */
  boolean isComplete() {
    return partitions.keySet().equals(assigned);
  }

  /** Dead letters first: nothing before the position of the fence is read again. */
  void flush() {
    var advanced = partitions.values().stream().filter(batch -> !batch.isEmpty()).toList();
    if (advanced.isEmpty()) {
      return;
    }
    var dead = advanced.stream().flatMap(batch -> batch.deadLetters().stream()).toList();
    if (!dead.isEmpty()) {
      plan.deadLetters().keep(dead);
    }
    var batches = advanced.stream().map(PartitionBatch::batch).toList();
    sink.apply(source.topic().id(), batches);
    metrics.applied(batches, dead);
    for (var batch : batches) {
      var collector = partitions.get(batch.partition());
      collector.applied(batch);
      link.applied(batch.partition(), batch.to());
      metrics.reached(batch, collector.missing());
    }
  }

  /** Drops what is held after a failure, and begins again at the fences after the pause. */
  void restart(Duration pause) {
    link.lagging(true);
    link.forget(Set.copyOf(partitions.keySet()));
    partitions.clear();
    catchUp.close();
    resume = Optional.of(source.time().nanos() + pause.toNanos());
  }

  @Override
  public void close() {
    catchUp.close();
  }
}
