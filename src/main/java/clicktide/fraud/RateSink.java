package clicktide.fraud;

import clicktide.store.Batch;
import clicktide.store.Sink;
import clicktide.store.Verdicts;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * A sink that judges the click rates of addresses (C11). It stores nothing. A new owner reads the
 * last minutes again and reaches the same verdicts, which count once. State of partitions that it
 * followed before is lost then, so one minute may go without a verdict. Each process judges by the
 * partitions that it follows.
 */
public final class RateSink implements Sink {
  private static final Duration MEMORY = Duration.ofMinutes(10);
  private static final int MAX_OTHERS = 60; // every partition gets a heartbeat per second

  private final Rates rates;
  private final Verdicts verdicts;
  private final Map<Integer, Progress> partitions = new HashMap<>();

  /** The watermark of a partition, and the number of batches of others since then. */
  private record Progress(Instant watermark, int others) {}

  public RateSink(Rates rates, Verdicts verdicts) {
    this.rates = rates;
    this.verdicts = verdicts;
  }

  @Override
  public String name() {
    return "rate";
  }

  @Override
  public Optional<Duration> memory() {
    return Optional.of(MEMORY);
  }

  @Override
  public Position takeOver(String topicId, int partition, LongSupplier beginning) {
    rates.forget();
    partitions.put(partition, new Progress(Instant.EPOCH, 0));
    return new Position(new Batch.FencingToken("rate", 0), beginning.getAsLong(), "", Map.of());
  }

  @Override
  public void apply(String topicId, List<Batch> batches) {
    partitions.replaceAll((_, progress) -> new Progress(progress.watermark, progress.others + 1));
    partitions
        .values()
        .removeIf(progress -> progress.others > MAX_OTHERS); // another process follows it
    for (var batch : batches) {
      partitions.put(batch.partition(), new Progress(batch.reached().watermark(), 0));
      batch
          .counted()
          .forEach(click -> rates.add(batch.partition(), click.click(), click.loggedAt()));
    }
    var watermark =
        partitions.values().stream()
            .map(Progress::watermark)
            .min(Instant::compareTo)
            .orElse(Instant.EPOCH);
    var found = rates.judge(watermark);
    if (!found.isEmpty()) {
      verdicts.publish(found);
    }
  }

  @Override
  public void close() {}
}
