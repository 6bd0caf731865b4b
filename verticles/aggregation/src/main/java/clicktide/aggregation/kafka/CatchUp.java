package clicktide.aggregation.kafka;

import clicktide.wire.ClickTexts;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntToLongFunction;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;

/**
 * The reading of one follower that lags, with a consumer of its own. The consumer is open from the
 * first use to the next failure. For one thread.
 */
final class CatchUp implements AutoCloseable {
  private final LogSource source;
  private final Supplier<Consumer<Void, byte[]>> consumers;
  private final LogFollower.Enricher enricher;
  private final RecordInHand inHand;
  private final Duration patience;
  private Optional<Open> open = Optional.empty();

  private record Open(Consumer<Void, byte[]> consumer, BlockReader reader) {}

  CatchUp(
      LogSource source,
      Supplier<Consumer<Void, byte[]>> consumers,
      LogFollower.Enricher enricher,
      RecordInHand inHand,
      Duration patience) {
    this.source = source;
    this.consumers = consumers;
    this.enricher = enricher;
    this.inHand = inHand;
    this.patience = patience;
  }

  private Open open() {
    if (open.isEmpty()) {
      var consumer = consumers.get();
      var decoder = new RecordDecoder(source.topic().id(), enricher, inHand, new ClickTexts());
      open = Optional.of(new Open(consumer, new BlockReader(consumer, source, decoder)));
    }
    return open.get();
  }

  /** Returns the positions that the log holds. */
  LogRange range() {
    return new LogRange(open().consumer, source);
  }

  /** Reads some partitions, each of them from the given position on when it joins them. */
  List<RecordBlock> read(Set<Integer> partitions, IntToLongFunction positions) {
    var reader = open().reader;
    var before = reader.partitions();
    if (!before.equals(partitions)) {
      reader.end(before.stream().filter(p -> !partitions.contains(p)).collect(Collectors.toSet()));
      assign(partitions);
      partitions.stream()
          .filter(partition -> !before.contains(partition))
          .forEach(partition -> reader.begin(partition, positions.applyAsLong(partition)));
    }
    return partitions.isEmpty() ? List.of() : reader.read(patience);
  }

  /** Stops the reading of partitions. */
  void end(Set<Integer> partitions) {
    if (open.isPresent()) {
      open.get().reader.end(partitions);
      assign(open.get().reader.partitions());
    }
  }

  private void assign(Set<Integer> partitions) {
    open().consumer.assign(partitions.stream().map(source::place).collect(Collectors.toSet()));
  }

  @Override
  public void close() {
    open.ifPresent(now -> now.consumer.close());
    open = Optional.empty();
  }
}
