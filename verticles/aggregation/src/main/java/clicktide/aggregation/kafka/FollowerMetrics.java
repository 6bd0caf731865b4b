package clicktide.aggregation.kafka;

import clicktide.count.Outcome;
import clicktide.enrich.EnrichedClick;
import clicktide.event.DeadLetter;
import clicktide.event.Identity;
import clicktide.store.Batch;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToLongFunction;

/** Metrics of a follower: its lag, the outcomes of events and their lateness. For one thread. */
final class FollowerMetrics {
  private static final long LATE_MILLIS = Duration.ofMinutes(1).toMillis();
  private static final long VERY_LATE_MILLIS = Duration.ofDays(1).toMillis();

  private final MeterRegistry registry;
  private final String sink;
  private final InstantSource clock;
  private final Map<Integer, Gauges> gauges = new ConcurrentHashMap<>(); // read by other threads
  private final Map<Integer, PartitionLag> lags = new HashMap<>(); // of the followed partitions
  private final Counter read;
  private final Counter repeats;
  private final Map<Lateness, Counter> own = new EnumMap<>(Lateness.class); // redirects' clicks
  private final Map<Lateness, Counter> collected = new EnumMap<>(Lateness.class);

  /** The values of a partition; the watermark is in milliseconds since 1970. */
  private record Gauges(long missing, long watermark) {}

  FollowerMetrics(MeterRegistry registry, String sink, InstantSource clock) {
    this.registry = registry;
    this.sink = sink;
    this.clock = clock;
    Gauge.builder("clicks_missing", gauges, all -> sum(all, Gauges::missing))
        .description("Own clicks that their node has sent and that were not read; not 0 is a loss")
        .tag("sink", sink)
        .strongReference(true)
        .register(registry);
    restarts("refused");
    restarts("failed");
    blocksMissed();
    for (var reason : EnumSet.complementOf(EnumSet.of(DeadLetter.Reason.ID_CONFLICT))) {
      dead(reason); // the sink finds conflicts and counts them
    }
    read = outcome("read");
    repeats = outcome("repeat");
    Gauge.builder("freshness_seconds", this, FollowerMetrics::freshness)
        .description("Age of the watermark: everything before it is counted, in every partition")
        .tag("sink", sink)
        .strongReference(true)
        .register(registry);
  }

  private static double sum(Map<Integer, Gauges> gauges, ToLongFunction<Gauges> of) {
    return gauges.values().stream().mapToLong(of).sum();
  }

  private double freshness() {
    var now = clock.millis();
    return gauges.values().stream().mapToLong(Gauges::watermark).min().stream()
        .mapToDouble(watermark -> (now - watermark) / 1_000.0)
        .findFirst()
        .orElse(0);
  }

  /** Counts a restart by its reason. Records that were not applied are read again. */
  void restarted(String reason) {
    restarts(reason).increment();
    lags.values().forEach(PartitionLag::dropped);
  }

  private Counter restarts(String reason) {
    return registry.counter("follower_restarts", "sink", sink, "reason", reason);
  }

  private Counter dead(DeadLetter.Reason reason) {
    return registry.counter("dead_letters", "sink", sink, "reason", reason.key());
  }

  private Counter outcome(String outcome) {
    return registry.counter("events", "sink", sink, "outcome", outcome);
  }

  /** Counts partitions of which the pass could not wait for the sink. */
  void missed(int partitions) {
    blocksMissed().increment(partitions);
  }

  private Counter blocksMissed() {
    return registry.counter("blocks_missed", "sink", sink);
  }

  void applied(List<Batch> batches, List<DeadLetter> dead) {
    for (var batch : batches) {
      for (var outcome : batch.outcomes()) {
        if (outcome instanceof Outcome.Counted(EnrichedClick click)) {
          read.increment();
          countLateness(click);
        } else if (outcome instanceof Outcome.Duplicate) {
          repeats.increment();
        }
      }
    }
    dead.forEach(deadLetter -> dead(deadLetter.reason()).increment());
  }

  /** The class of lateness of an event (C2): its age when the broker had it. */
  private enum Lateness {
    AHEAD,
    IN_TIME,
    LATE,
    VERY_LATE;

    private static Lateness of(EnrichedClick enriched) {
      var late = enriched.loggedAt().toEpochMilli() - enriched.click().at().toEpochMilli();
      if (late < 0) {
        return AHEAD;
      }
      if (late <= LATE_MILLIS) {
        return IN_TIME;
      }
      return late <= VERY_LATE_MILLIS ? LATE : VERY_LATE;
    }
  }

  private void countLateness(EnrichedClick click) {
    var lateness = Lateness.of(click);
    switch (click.click().identity()) {
      case Identity.Own _ ->
          own.computeIfAbsent(lateness, of -> lateness(of, "redirect")).increment();
      case Identity.Collected _ ->
          collected.computeIfAbsent(lateness, of -> lateness(of, "collector")).increment();
    }
  }

  private Counter lateness(Lateness lateness, String from) {
    var name = lateness.name().toLowerCase(Locale.ROOT);
    return registry.counter("events_by_lateness", "sink", sink, "class", name, "from", from);
  }

  /** Notes the records of a partition that the sink has to apply. */
  void read(RecordBlock block) {
    lags.computeIfAbsent(block.partition(), this::lag).read(block.records(), block.unread());
  }

  void reached(Batch batch, long missing) {
    var partition = batch.partition();
    gauges.put(partition, new Gauges(missing, batch.reached().watermark().toEpochMilli()));
    lags.computeIfAbsent(partition, this::lag).applied(batch);
  }

  private PartitionLag lag(int partition) {
    var tags = Tags.of("sink", sink, "partition", Integer.toString(partition));
    return new PartitionLag(registry, tags, clock);
  }

  /** Drops the gauges of all other partitions, which were followed before a failure. */
  void follows(Set<Integer> partitions) {
    Set.copyOf(lags.keySet()).stream().filter(one -> !partitions.contains(one)).forEach(this::lost);
  }

  /** Drops the gauges of a partition that another node follows now: a sum has no NaN then. */
  void lost(int partition) {
    Optional.ofNullable(lags.remove(partition)).ifPresent(lag -> lag.remove(registry));
    gauges.remove(partition);
  }
}
