package clicktide.aggregation.kafka;

import clicktide.enrich.EnrichedClick;
import clicktide.event.DeadLetter;
import clicktide.event.Identity;
import clicktide.store.Batch;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToLongFunction;

/** What operators see of a follower: its lag, what became of events, and how late they were. */
final class FollowerMetrics {
  private static final Duration LATE = Duration.ofMinutes(1);
  private static final Duration VERY_LATE = Duration.ofDays(1);

  private final MeterRegistry registry;
  private final String sink;
  private final InstantSource clock;
  private final Map<Integer, State> states = new ConcurrentHashMap<>();

  private final Set<Integer> shown = new HashSet<>(); // partitions that have a gauge

  /** What gauges show of a partition. */
  private record State(long lag, long missing, long throughMillis) {}

  FollowerMetrics(MeterRegistry registry, String sink, InstantSource clock) {
    this.registry = registry;
    this.sink = sink;
    this.clock = clock;
    Gauge.builder("clicks_missing", states, all -> sum(all, State::missing))
        .description("Own clicks that their node has sent and that were not read: a loss if not 0")
        .tag("sink", sink)
        .register(registry);
    restarts("refused");
    restarts("failed");
    for (var reason : EnumSet.complementOf(EnumSet.of(DeadLetter.Reason.ID_CONFLICT))) {
      dead(reason); // conflicts are found, and counted, by the sink
    }
    for (var outcome : List.of("read", "repeat")) {
      outcome(outcome);
    }
    Gauge.builder("freshness_seconds", this, FollowerMetrics::freshness)
        .description("Age of the oldest instant through which every partition is counted")
        .tag("sink", sink)
        .register(registry);
  }

  private static double sum(Map<Integer, State> states, ToLongFunction<State> of) {
    return states.values().stream().mapToLong(of).sum();
  }

  private double freshness() {
    var now = clock.millis();
    return states.values().stream().mapToLong(State::throughMillis).min().stream()
        .mapToDouble(through -> (now - through) / 1_000.0)
        .findFirst()
        .orElse(0);
  }

  /** A restart, and why. */
  void restarted(String reason) {
    restarts(reason).increment();
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
      outcome("read").increment(content.visits().size());
      outcome("repeat").increment(content.repeats().size());
      content.visits().forEach(visit -> lateness(visit).increment());
    }
    dead.forEach(letter -> dead(letter.reason()).increment());
  }

  /** The classes of event time (C2). */
  private Counter lateness(EnrichedClick visit) {
    var late = Duration.between(visit.click().at(), visit.loggedAt());
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
        visit.click().identity() instanceof Identity.Own ? "redirect" : "collector");
  }

  void reached(Batch batch, OptionalLong lag, long missing) {
    var partition = batch.partition();
    var state = new State(lag.orElse(0), missing, batch.reached().through().toEpochMilli());
    states.put(partition, state);
    if (shown.add(partition)) {
      Gauge.builder("consumer_lag", states, all -> lag(all, partition))
          .description("Records of the log that the sink does not have yet")
          .tag("sink", sink)
          .tag("partition", Integer.toString(partition))
          .register(registry);
    }
  }

  private static double lag(Map<Integer, State> states, int partition) {
    var state = states.get(partition);
    return state == null ? Double.NaN : state.lag;
  }

  /** These, and no others that were followed before a failure. */
  void follows(Set<Integer> partitions) {
    states.keySet().retainAll(partitions);
  }

  /** Somebody else follows it now. */
  void lost(int partition) {
    states.remove(partition);
  }
}
