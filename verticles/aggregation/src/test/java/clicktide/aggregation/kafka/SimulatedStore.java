package clicktide.aggregation.kafka;

import clicktide.count.LiveTally;
import clicktide.enrich.EnrichedClick;
import clicktide.event.Identity;
import clicktide.store.Batch;
import clicktide.store.MemorySink;
import clicktide.store.Sink;
import clicktide.store.Unavailable;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * A store with fences that fails as real ones do: before it has written, after it has (the reply is
 * lost), or between two batches. Its sinks are the writers of several processes. One thread.
 */
final class SimulatedStore {
  private final Random random;
  private final Map<Integer, Fence> fences = new HashMap<>();
  private final Set<Identity.Collected> ids = new HashSet<>();
  private final Map<Integer, Set<Identity.Collected>> idsBy = new HashMap<>();
  private final Map<Integer, Map<Identity, EnrichedClick>> counted = new HashMap<>();
  private boolean isCalm;
  private long again;

  private record Fence(Sink.Position position, Instant through, Set<Long> silent) {}

  SimulatedStore(Random random) {
    this.random = random;
  }

  /** No fault from now on. */
  void calm() {
    isCalm = true;
  }

  /** What a partition has counted goes, with its fence: as a wiped Redis loses it. */
  void wipe(int partition) {
    fences.remove(partition);
    counted.remove(partition);
    ids.removeAll(idsBy.getOrDefault(partition, Set.of()));
    idsBy.remove(partition);
  }

  /** Clicks by identity; a second one of the same identity would be an error of who counts. */
  Map<Identity, EnrichedClick> counted() {
    var all = new HashMap<Identity, EnrichedClick>();
    counted.values().forEach(all::putAll);
    return all;
  }

  boolean has(Identity identity) {
    return counted.values().stream().anyMatch(here -> here.containsKey(identity));
  }

  long next(int partition) {
    return fences.containsKey(partition) ? fences.get(partition).position.next() : 0;
  }

  Instant through(int partitions) {
    return fences.size() < partitions
        ? Instant.EPOCH
        : fences.values().stream().map(Fence::through).min(Instant::compareTo).orElseThrow();
  }

  boolean isSilent(long node) {
    return fences.values().stream().anyMatch(fence -> fence.silent.contains(node));
  }

  /** Clicks that were counted although they had been counted before. */
  long countedAgain() {
    return again;
  }

  private boolean fails(int oneIn) {
    return !isCalm && random.nextInt(oneIn) == 0;
  }

  Sink sink(String name) {
    return new Sink() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public Optional<Duration> memory() {
        return Optional.empty();
      }

      @Override
      public Position takeOver(String topicId, int partition, LongSupplier beginning) {
        return SimulatedStore.this.takeOver(partition, beginning);
      }

      @Override
      public void apply(String topicId, List<Batch> batches) {
        SimulatedStore.this.apply(batches);
      }

      @Override
      public void close() {}
    };
  }

  private Sink.Position takeOver(int partition, LongSupplier beginning) {
    if (fails(30)) {
      throw new Unavailable("before a take-over");
    }
    var old = fences.get(partition);
    var token =
        old == null
            ? new Batch.FencingToken(Long.toString(random.nextLong()), 1)
            : new Batch.FencingToken(
                old.position.token().incarnation(), old.position.token().epoch() + 1);
    var position =
        old == null
            ? new Sink.Position(token, beginning.getAsLong(), "", Map.of())
            : new Sink.Position(
                token, old.position.next(), old.position.state(), old.position.ended());
    var through = old == null ? Instant.EPOCH : old.through;
    fences.put(partition, new Fence(position, through, old == null ? Set.of() : old.silent));
    if (fails(30)) {
      throw new Unavailable("the reply to a take-over is lost");
    }
    return position;
  }

  private void apply(List<Batch> batches) {
    for (var batch : batches) {
      if (fails(40)) {
        throw new Unavailable("before a batch");
      }
      var fence = fences.get(batch.partition());
      if (fence == null
          || !fence.position.token().equals(batch.token())
          || fence.position.next() != batch.from()) {
        throw new Sink.BatchRefused("not expected");
      }
      count(batch);
      var reached = batch.reached();
      var through =
          fence.through.isAfter(reached.watermark()) ? fence.through : reached.watermark();
      fences.put(
          batch.partition(),
          new Fence(MemorySink.after(fence.position, batch), through, reached.silent()));
      if (fails(40)) {
        throw new Unavailable("the reply to a batch is lost");
      }
    }
  }

  private void count(Batch batch) {
    var here = counted.computeIfAbsent(batch.partition(), _ -> new HashMap<>());
    for (var visit : batch.counted().toList()) {
      switch (visit.click().identity()) {
        case Identity.Own own -> again += here.put(own, visit) == null ? 0 : 1;
        case Identity.Collected id -> {
          if (ids.add(id)) {
            idsBy.computeIfAbsent(batch.partition(), _ -> new HashSet<>()).add(id);
            here.put(id, visit);
          }
        }
      }
    }
  }

  /** By minute and link, as the real sinks add up. */
  static Map<LiveTally.LinkMinute, Long> cells(Iterable<EnrichedClick> visits) {
    var cells = new HashMap<LiveTally.LinkMinute, Long>();
    for (var visit : visits) {
      LiveTally.of(List.of(visit), List.of())
          .forEach((cell, clicks) -> cells.merge(cell, clicks.total(), Long::sum));
    }
    return cells;
  }
}
