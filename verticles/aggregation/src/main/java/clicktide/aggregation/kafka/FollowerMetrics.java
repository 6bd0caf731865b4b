package clicktide.aggregation.kafka;

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
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToLongFunction;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Metrics of a follower: its lag, the outcomes of events and their lateness. For one thread. */
final class FollowerMetrics {
  private static final Duration LATE = Duration.ofMinutes(1);
  private static final Duration VERY_LATE = Duration.ofDays(1);

  private final MeterRegistry registry;
  private final String sink;
  private final InstantSource clock;
  private final Map<Integer, Gauges> gauges = new ConcurrentHashMap<>(); // read by other threads
  private final Map<Integer, PartitionLag> lags = new HashMap<>(); // of the followed partitions

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
    for (var reason : EnumSet.complementOf(EnumSet.of(DeadLetter.Reason.ID_CONFLICT))) {
      dead(reason); // the sink finds conflicts and counts them
    }
    for (var outcome : List.of("read", "repeat")) {
      outcome(outcome);
    }
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

  void applied(List<Batch> batches, List<DeadLetter> dead) {
    for (var batch : batches) {
      var content = batch.content();
      outcome("read").increment(content.clicks().size());
      outcome("repeat").increment(content.repeats().size());
      content.clicks().forEach(click -> lateness(click).increment());
    }
    dead.forEach(deadLetter -> dead(deadLetter.reason()).increment());
  }

  /** Returns the counter of the class of lateness (C2). */
  private Counter lateness(EnrichedClick enriched) {
    var late = Duration.between(enriched.click().at(), enriched.loggedAt());
    String name;
    if (late.isNegative()) {
      name = "ahead";
    } else if (late.compareTo(LATE) <= 0) {
      name = "in_time";
    } else {
      name = late.compareTo(VERY_LATE) <= 0 ? "late" : "very_late";
    }
    return registry.counter(
        "events_by_lateness",
        "sink",
        sink,
        "class",
        name,
        "from",
        enriched.click().identity() instanceof Identity.Own ? "redirect" : "collector");
  }

  /** Notes the records of a partition that were read, of which {@code unread} follow. */
  void read(int partition, List<? extends ConsumerRecord<?, ?>> records, OptionalLong unread) {
    lags.computeIfAbsent(partition, this::lag)
        .read(
            records.size(),
            records.getFirst().timestamp(),
            records.getLast().timestamp(),
            unread.orElse(0));
  }

  void reached(Batch batch, OptionalLong unread, long missing) {
    var partition = batch.partition();
    gauges.put(partition, new Gauges(missing, batch.reached().watermark().toEpochMilli()));
    lags.computeIfAbsent(partition, this::lag).applied(batch, unread.orElse(0));
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
