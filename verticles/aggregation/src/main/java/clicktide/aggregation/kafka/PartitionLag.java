package clicktide.aggregation.kafka;

import clicktide.store.Batch;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.time.InstantSource;
import java.util.List;

/**
 * The lag of a sink in one partition as gauges, in records, events and seconds. One thread writes
 * it, and any thread reads the gauges.
 */
final class PartitionLag {
  private static final long NONE = Long.MAX_VALUE;
  private static final double KEPT = 0.9; // of the sums before a batch, so ten batches count most

  private final InstantSource clock;
  private final List<Gauge> gauges;
  private volatile long records;
  private volatile double eventsPerRecord;
  private volatile long oldest = NONE; // log time of the oldest waiting record, ms since 1970
  private long lastRead;
  private long held;
  private long unread;
  private double recentEvents;
  private double recentRecords;

  /** Registers the gauges; {@code tags} name the sink and the partition. */
  PartitionLag(MeterRegistry registry, Tags tags, InstantSource clock) {
    this.clock = clock;
    gauges =
        List.of(
            Gauge.builder("consumer_lag", this, lag -> lag.records)
                .description("Records of the log that the sink has not applied yet")
                .tags(tags)
                .strongReference(true)
                .register(registry),
            Gauge.builder("consumer_lag_events", this, lag -> lag.records * lag.eventsPerRecord)
                .description(
                    "Estimate: records of consumer_lag times the mean events of recent records")
                .tags(tags)
                .strongReference(true)
                .register(registry),
            Gauge.builder("consumer_lag_seconds", this, PartitionLag::seconds)
                .description(
                    "Age of the oldest record that waits, by the clock of this process; 0 if none")
                .tags(tags)
                .strongReference(true)
                .register(registry));
  }

  /** The age of a record that was not read yet is that of the last one that was read, at most. */
  private double seconds() {
    var since = oldest;
    return since == NONE ? 0 : Math.max(0, clock.millis() - since) / 1_000.0;
  }

  /** Notes records that the sink has to apply, and how many followed them in the log. */
  void read(List<DecodedRecord> read, long following) {
    held += read.size();
    unread = following;
    records = held + unread;
    if (!read.isEmpty()) {
      lastRead = read.getLast().loggedAt().toEpochMilli();
      oldest = Math.min(oldest, read.getFirst().loggedAt().toEpochMilli());
    }
  }

  /** Notes that the sink has applied everything that was read. */
  void applied(Batch batch) {
    recentEvents = KEPT * recentEvents + batch.outcomes().size();
    recentRecords = KEPT * recentRecords + batch.to() - batch.from();
    eventsPerRecord = recentEvents / recentRecords;
    held = 0;
    records = unread;
    oldest = unread > 0 ? lastRead : NONE;
  }

  /** Notes that what was read is dropped and read again. Its age stays. */
  void dropped() {
    held = 0;
  }

  void remove(MeterRegistry registry) {
    gauges.forEach(registry::remove);
  }
}
