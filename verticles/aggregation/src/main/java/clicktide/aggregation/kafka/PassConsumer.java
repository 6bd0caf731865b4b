package clicktide.aggregation.kafka;

import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;

/**
 * One membership of the pass in its consumer group: reads the partitions of this process and hands
 * the records to all followers. A partition begins at the position of the sink that is furthest, so
 * that no sink waits for another one. For one thread.
 */
final class PassConsumer implements ConsumerRebalanceListener {
  private final Consumer<Void, byte[]> consumer;
  private final LogSource source;
  private final BlockReader reader;
  private final List<PassLink> links;
  private final Duration patience;
  private final Map<Integer, Long> waiting = new TreeMap<>(); // since when in ns, by partition

  /** {@code patience}: how long a partition waits for a sink when it begins and when it ends. */
  PassConsumer(
      Consumer<Void, byte[]> consumer,
      LogSource source,
      RecordDecoder decoder,
      List<PassLink> links,
      Duration patience) {
    this.consumer = consumer;
    this.source = source;
    this.links = links;
    this.patience = patience;
    reader = new BlockReader(consumer, source, decoder);
    consumer.subscribe(List.of(source.topic().name()), this);
  }

  /** Polls once, for at most 50 ms, and hands over what was read. */
  void read() throws InterruptedException {
    waiting.entrySet().removeIf(entry -> begins(entry.getKey(), entry.getValue()));
    var blocks = reader.read(LogFollower.POLL);
    if (!blocks.isEmpty()) {
      for (var link : links) {
        link.offer(blocks);
      }
    }
  }

  private boolean begins(int partition, long since) {
    var positions = positions(partition);
    var isTime = source.time().nanos() - since >= patience.toNanos();
    if (positions.size() < links.size() && (positions.isEmpty() || !isTime)) {
      return false;
    }
    reader.begin(partition, Collections.max(positions));
    consumer.resume(List.of(source.place(partition)));
    return true;
  }

  /** Returns the positions of the sinks that have taken the partition over. */
  private List<Long> positions(int partition) {
    return links.stream().map(link -> link.applied(partition)).flatMap(Optional::stream).toList();
  }

  /** Commits to Kafka the positions that all sinks have reached, for tools that show the lag. */
  void commit() {
    var hints = new HashMap<TopicPartition, OffsetAndMetadata>();
    for (var partition : reader.partitions()) {
      var positions = positions(partition);
      if (positions.size() == links.size()) {
        hints.put(source.place(partition), new OffsetAndMetadata(Collections.min(positions)));
      }
    }
    consumer.commitAsync(hints, (_, _) -> {});
  }

  @Override
  public void onPartitionsAssigned(Collection<TopicPartition> assigned) {
    for (var place : assigned) {
      if (place.partition() >= source.topic().partitions()) {
        throw new IllegalStateException(
            "%s was added to the log, but events are distributed over %d partitions for ever"
                .formatted(place, source.topic().partitions()));
      }
      consumer.seek(place, 0); // a position that is not used: the partition begins later
      waiting.put(place.partition(), source.time().nanos());
    }
    consumer.pause(assigned);
    links.forEach(link -> link.post(new PassLink.Message.Assigned(numbers(assigned))));
  }

  private static Set<Integer> numbers(Collection<TopicPartition> places) {
    return places.stream().map(TopicPartition::partition).collect(Collectors.toSet());
  }

  @Override
  public void onPartitionsRevoked(Collection<TopicPartition> revoked) {
    release(revoked, false);
  }

  @Override
  public void onPartitionsLost(Collection<TopicPartition> lost) {
    release(lost, true);
  }

  private void release(Collection<TopicPartition> ended, boolean isLost) {
    var partitions = numbers(ended);
    waiting.keySet().removeAll(partitions);
    reader.end(partitions);
    var done = new CountDownLatch(links.size());
    links.forEach(link -> link.post(new PassLink.Message.Released(partitions, isLost, done)));
    try {
      if (!done.await(patience.toNanos(), TimeUnit.NANOSECONDS)) {
        LogFollower.log.info("A sink is slow; the next owner reads what it holds again");
      }
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
  }
}
