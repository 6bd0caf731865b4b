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
 * Follows the log to judge how often addresses click (C11). It keeps nothing: whoever takes over
 * reads the last minutes again and comes to the same verdicts, which count once; what it had of
 * partitions that it followed already is forgotten, so that minute may go unjudged. Each process
 * judges by the partitions that it follows.
 */
public final class RateSink implements Sink {
  private static final Duration MEMORY = Duration.ofMinutes(10);
  private static final int SILENT = 60; // nodes are heard in every partition once a second

  private final Rates rates;
  private final Verdicts verdicts;
  private final Map<Integer, Heard> partitions = new HashMap<>();

  /** How far a partition was read, and how often others were heard since. */
  private record Heard(Instant through, int others) {}

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
    partitions.put(partition, new Heard(Instant.EPOCH, 0));
    return new Position(new Batch.FencingToken("rate", 0), beginning.getAsLong(), "");
  }

  @Override
  public void apply(String topicId, List<Batch> batches) {
    partitions.replaceAll((_, heard) -> new Heard(heard.through, heard.others + 1));
    partitions.values().removeIf(heard -> heard.others > SILENT); // somebody else's by now
    for (var batch : batches) {
      partitions.put(batch.partition(), new Heard(batch.reached().watermark(), 0));
      for (var visit : batch.content().clicks()) {
        rates.add(batch.partition(), visit.click(), visit.loggedAt());
      }
    }
    var through =
        partitions.values().stream()
            .map(Heard::through)
            .min(Instant::compareTo)
            .orElse(Instant.EPOCH);
    var found = rates.judge(through);
    if (!found.isEmpty()) {
      verdicts.publish(found);
    }
  }

  @Override
  public void close() {}
}
