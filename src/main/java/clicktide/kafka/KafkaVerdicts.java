package clicktide.kafka;

import clicktide.event.Heartbeat;
import clicktide.event.Verdict;
import clicktide.store.Verdicts;
import clicktide.wire.EncodedEvent;
import clicktide.wire.Envelope;
import clicktide.wire.EnvelopeCodec;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.VoidSerializer;

/** Writes verdicts into the log of clicks, each to the partition of its own identity. */
public final class KafkaVerdicts implements Verdicts, AutoCloseable {
  private static final int MAX_VERDICTS = 100; // in one record, each of some kilobytes at most

  private final Topic topic;
  private final InstantSource clock;
  private final Counter published;
  private final BlockingProducer<Void> producer;

  public KafkaVerdicts(
      KafkaCluster kafka, Topic topic, InstantSource clock, MeterRegistry metrics) {
    this.topic = topic;
    this.clock = clock;
    published = metrics.counter("verdicts", "kind", "rate");
    producer = new BlockingProducer<>(kafka, new VoidSerializer());
  }

  @Override
  public void publish(List<Verdict> verdicts) {
    var byPartition =
        verdicts.stream()
            .collect(Collectors.groupingBy(one -> one.identity().partition(topic.partitions())));
    var records = new ArrayList<ProducerRecord<Void, byte[]>>();
    byPartition.forEach(
        (partition, some) -> {
          for (var from = 0; from < some.size(); from += MAX_VERDICTS) {
            var to = Math.min(from + MAX_VERDICTS, some.size());
            records.add(record(partition, some.subList(from, to)));
          }
        });
    producer.send(records);
    published.increment(verdicts.size());
  }

  private ProducerRecord<Void, byte[]> record(int partition, List<Verdict> verdicts) {
    var envelope =
        new Envelope(
            clock.instant(),
            Duration.ZERO,
            Heartbeat.NONE,
            verdicts.stream().map(EncodedEvent::of).toList());
    return new ProducerRecord<>(topic.name(), partition, null, EnvelopeCodec.encode(envelope));
  }

  @Override
  public void close() {
    producer.close();
  }
}
